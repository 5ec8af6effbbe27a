-- Living subscriptions whose secret was stored before there was a vault. $1 id to start after, $2 limit. Index subscription_unsealed, resource_pkey, tenant_pkey.
select s.id, s.public_id, s.tenant_id, t.public_id as tenant, r.uri, s.label, s.callback, s.host, s.secret, s.strict, s.max_in_flight,
       s.retry_schedule, s.form, s.mode, s.merge, coalesce((extract(epoch from s.lease_until) * 1000)::int8, 9223372036854775807) as lease_end
  from subscription s join resource r on r.id = s.resource_id join tenant t on t.id = s.tenant_id
 where s.secret not like '§%' and s.status <> 'ended' and s.id > $1::int8
 order by s.id limit $2::int4
