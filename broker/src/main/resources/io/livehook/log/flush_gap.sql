-- R13, R14. Deliveries given up together in (from, to]. $1 subscription, $2 resource, $3 from, $4 to, $5 reason. Index subscription_pkey, update_log_resource, attempt_key.
insert into gap (subscription_id, from_id, to_id, deliveries, reason)
select $1::int8, $3::int8, $4::int8, count(u.id), $5::text
  from update_log u join subscription s on s.id = $1::int8 where u.resource_id = $2::int8 and u.id > $3::int8 and u.id <= $4::int8
   and (u.kind = 2 or u.kind = case s.mode when 'changes' then 1 else 0 end)
   and not exists (select 1 from attempt a where a.update_id = u.id and a.subscription_id = $1::int8 and a.ended)
   and not exists (select 1 from retry t where t.update_id = u.id and t.subscription_id = $1::int8)
on conflict (subscription_id, from_id) do update set to_id = excluded.to_id, deliveries = excluded.deliveries
