-- Waiting retries due until then. $1 lanes, $2 ms, $3 most. Index retry_due.
select t.subscription_id, s.resource_id, t.lane, t.update_id, t.attempts,
       (extract(epoch from t.next_at) * 1000)::int8 as at,
       coalesce((select max(a.number) from attempt a where a.update_id = t.update_id and a.subscription_id = t.subscription_id), t.attempts)::int4 as number
  from retry t join subscription s on s.id = t.subscription_id
 where t.lane = any($1::int4[]) and t.next_at <= to_timestamp($2::int8 / 1000.0)
 order by t.next_at limit $3::int4
