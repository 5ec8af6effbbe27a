-- R4, R8. Active subscriptions of resources ($1) with their behind rows. Index subscription_resource.
select s.id, s.public_id, s.resource_id, s.label, s.callback, s.host, s.secret, s.strict, s.max_in_flight, s.mode, s.merge,
       coalesce(s.retry_schedule, t.retry_schedule) as retry_schedule, s.from_ver,
       coalesce((extract(epoch from s.lease_until) * 1000)::int8, 9223372036854775807) as lease_until, s.form,
       b.reason, b.since, coalesce((extract(epoch from b.probe_at) * 1000)::int8, 0) as probe_at
  from subscription s join tenant t on t.id = s.tenant_id left join behind b on b.subscription_id = s.id
 where s.resource_id = any($1::int8[]) and s.status = 'active'
 order by s.id
