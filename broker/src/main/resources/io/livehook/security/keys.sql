-- A page of a tenant's keys, newest first. $1 tenant, $2 whether those of scope * are seen, $3 id to start below, $4 limit. Index api_key_tenant.
select k.id, k.public_id, k.role, k.scope, k.label, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
  from api_key k where k.tenant_id = $1::int8 and ($2::bool or k.scope = 'tenant') and k.id < $3::int8
 order by k.id desc limit $4::int4
