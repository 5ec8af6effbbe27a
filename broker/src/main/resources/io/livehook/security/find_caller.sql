-- Who holds a key that is valid now. $1 keyed hash. Index api_key_key_hash_key.
select k.public_id as key, k.role, k.scope, t.id as tenant_id, t.public_id as tenant_public_id, t.slug, t.retry_schedule
  from api_key k join tenant t on t.id = k.tenant_id
 where k.key_hash = $1::bytea and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
