-- What a resource has stored under an idempotency key. $1 tenant, $2 hash of the URI, $3 key. Index idempotency_pkey.
select i.update_id, i.body_hash from resource r
  join idempotency i on i.resource_id = r.id and i.key = $3::text and i.day >= (now() at time zone 'UTC')::date - 1
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea
