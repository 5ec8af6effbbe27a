-- A subscription by its public id, with all its options. $1 tenant, $2 public id, $3 the only label that may be seen or null. Index subscription_public_id_key, behind_pkey.
select s.id, s.public_id, s.resource_id, r.uri, s.mode, s.kind, s.label, s.callback, s.status, s.reason, s.strict, s.max_in_flight, s.merge,
       s.retry_schedule, s.from_sequence, s.to_sequence, s.created_at, s.ended_at, s.lease_until,
       exists (select from behind b where b.subscription_id = s.id and b.reason = 'held') as hold,
       s.host, s.secret, s.form, (extract(epoch from clock_timestamp()) * 1000)::int8 as now, coalesce((extract(epoch from s.lease_until) * 1000)::int8, 9223372036854775807) as lease_end
  from subscription s join resource r on r.id = s.resource_id
 where s.public_id = $2::uuid and s.tenant_id = $1::int8 and ($3::text is null or s.label = $3::text)
