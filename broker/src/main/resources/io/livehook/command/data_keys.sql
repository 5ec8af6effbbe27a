-- Data keys that another master key wraps than this one. ? its id. Small: one row per tenant.
select id, tenant_id, master, wrapped from data_key where master <> ? order by id
