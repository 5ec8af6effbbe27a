-- Data keys that another master key wraps than this one, by its id. Small: one row per tenant.
select id, tenant, master, wrapped from data_key where master <> ?::text order by id
