-- The living or else last subscriptions of a callback, those of a label first, at most two. $1 tenant, $2 hash of the resource's URI, $3 hash of the callback, $4 label, $5 whether no other label may be seen, $6 mode. Index resource_tenant_id_uri_hash_key, subscription_resource, behind_pkey.
select s.id, s.public_id, s.resource_id, r.uri, s.mode, s.kind, s.label, s.callback, s.status, s.reason, s.strict, s.max_in_flight, s.merge,
       s.retry_schedule, s.from_sequence, s.to_sequence, s.created_at, s.ended_at, s.lease_until, s.secret, s.form,
       exists (select from behind b where b.subscription_id = s.id and b.reason = 'held') as hold
  from resource r join subscription s on s.resource_id = r.id
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea and s.callback_hash = $3::bytea
   and s.tenant_id = $1::int8 and s.mode = $6::text and s.kind = 'rest'
   and (s.label = $4::text or not $5::bool)
 order by (s.label <> $4::text), (s.status = 'ended'), s.id desc limit 2
