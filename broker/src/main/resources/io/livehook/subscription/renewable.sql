-- A resource and the options of a label's living subscription of a callback, if any. $1 tenant, $2 hash of the URI, $3 hash of the callback, $4 label, $5 mode. No row: no such resource.
-- Index resource_tenant_id_uri_hash_key, subscription_unique.
select r.id as resource_id, r.kind = 'collection' as collection, s.id, s.secret, s.strict, s.max_in_flight, s.merge, s.retry_schedule, s.form,
       coalesce((extract(epoch from s.lease_until) * 1000)::int8, 9223372036854775807) as lease_until
  from resource r
  left join subscription s on s.resource_id = r.id and s.mode = $5::text and s.kind = 'rest' and s.label = $4::text
   and s.callback_hash = $3::bytea and s.status <> 'ended'
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea
