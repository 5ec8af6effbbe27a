-- How a resource is configured. $1 tenant, $2 hash of the URI. Index resource_tenant_id_uri_hash_key.
select r.public_id, r.kind, r.subscribe, r.read, r.created_at
  from resource r where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea
