-- A page of a resource's subscriptions of a mode ($8), oldest first. $1 tenant, $2 hash of the URI, $3 hash of a callback or null, $4 status or null (= all but ended), $5 id to start after, $6 limit, $7 the only label that may be seen or null.
-- Index resource_tenant_id_uri_hash_key, subscription_resource, behind_pkey.
select s.id, s.public_id, s.resource_id, r.uri, s.mode, s.kind, s.label, s.callback, s.status, s.reason, s.strict, s.max_in_flight, s.merge,
       s.retry_schedule, s.from_sequence, s.to_sequence, s.created_at, s.ended_at, s.lease_until, s.secret, s.form,
       exists (select from behind b where b.subscription_id = s.id and b.reason = 'held') as hold
  from resource r join subscription s on s.resource_id = r.id
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea and s.mode = $8::text and s.kind = 'rest' and ($7::text is null or s.label = $7::text)
   and ($3::bytea is null or s.callback_hash = $3::bytea)
   and (s.status = $4::text or ($4::text is null and s.status <> 'ended')) and s.id > $5::int8
 order by s.id limit $6::int4
