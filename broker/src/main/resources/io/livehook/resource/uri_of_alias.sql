-- The URI behind a resource's alias. $1 tenant, $2 public id. Index resource_public_id_key.
select r.uri from resource r where r.public_id = $2::uuid and r.tenant_id = $1::int8
