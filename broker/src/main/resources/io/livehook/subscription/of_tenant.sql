-- A page of a tenant's subscriptions, newest first. $1 tenant, $2 hash of a callback or null, $3 hash of a resource's URI or null, $4 status or null (= all but ended), $5 id to start below, $6 limit, $7 the only label that may be seen or null.
-- Index subscription_callback or subscription_tenant, behind_pkey.
select s.id, s.public_id, s.resource_id, r.uri, s.mode, s.kind, s.label, s.callback, s.status, s.reason, s.strict, s.max_in_flight, s.merge,
       s.retry_schedule, s.from_sequence, s.to_sequence, s.created_at, s.ended_at, s.lease_until, s.secret, s.form,
       exists (select from behind b where b.subscription_id = s.id and b.reason = 'held') as hold
  from subscription s join resource r on r.id = s.resource_id
 where s.tenant_id = $1::int8
   and ($2::bytea is null or s.callback_hash = $2::bytea) and ($3::bytea is null or r.uri_hash = $3::bytea)
   and (s.status = $4::text or ($4::text is null and s.status <> 'ended')) and s.id < $5::int8
   and ($7::text is null or s.label = $7::text)
 order by s.id desc limit $6::int4
