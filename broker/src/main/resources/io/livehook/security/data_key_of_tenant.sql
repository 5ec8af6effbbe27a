-- The data key of a tenant. $1 tenant. Index data_key_tenant_id_key.
select id, master, wrapped from data_key where tenant_id = $1::int8
