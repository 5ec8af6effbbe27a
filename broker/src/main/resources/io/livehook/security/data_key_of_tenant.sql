-- The data key of a tenant. $1 tenant. Index data_key_tenant_key.
select id, master, wrapped from data_key where tenant = $1::int8
