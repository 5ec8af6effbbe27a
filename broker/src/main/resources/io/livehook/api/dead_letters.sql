-- A page of a tenant's dead letters, newest first. $1 tenant, $2 public id of a subscription or null, $3 microsecond, $4 subscription and $5 update to start below, $6 limit, $7 the only label that may be seen or null. Index dead_letter_at.
select d.subscription_id, s.public_id, s.callback, r.uri, d.update_id, d.attempts, d.reason, d.at,
       (extract(epoch from d.at) * 1000000)::int8 as microsecond
  from dead_letter d join subscription s on s.id = d.subscription_id join resource r on r.id = s.resource_id
 where s.tenant_id = $1::int8 and ($2::uuid is null or s.public_id = $2::uuid)
   and ($7::text is null or s.label = $7::text)
   and (d.at, d.subscription_id, d.update_id)
     < (timestamptz 'epoch' + $3::int8 * interval '1 microsecond', $4::int8, $5::int8)
 order by d.at desc, d.subscription_id desc, d.update_id desc limit $6::int4
