-- R12. What a resource is, and who may do what with it; a collection stays one. $1 id, $2 public id, $3 tenant, $4 uri, $5 its hash,
-- $6 lane, $7 whether it is a collection, $8 subscribe, $9 read. Index resource_tenant_id_uri_hash_key.
insert into resource as r (id, public_id, tenant_id, uri, uri_hash, lane, kind, subscribe, read)
values ($1::int8, $2::uuid, $3::int8, $4::text, $5::bytea, $6::int4, case when $7::bool then 'collection' else 'object' end, $8::text, $9::text)
on conflict (tenant_id, uri_hash) do update set subscribe = excluded.subscribe, read = excluded.read,
  kind = case when $7::bool then 'collection' else r.kind end
