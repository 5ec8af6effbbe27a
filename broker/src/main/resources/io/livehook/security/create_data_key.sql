-- A data key for a tenant that has none. $1 tenant, $2 id of the master key, $3 wrapped key.
insert into data_key (tenant, master, wrapped) values ($1::int8, $2::text, $3::bytea) on conflict (tenant) do nothing
