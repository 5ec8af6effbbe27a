-- R14. Retries that would outlive the log end as dead letters. $1 lanes, $2 their new floors. Index retry_update.
with old as (
  delete from retry t using unnest($1::int4[], $2::int8[]) f (lane, floor)
   where t.lane = f.lane and t.update_id <= f.floor returning t.subscription_id, t.update_id, t.attempts)
insert into dead_letter (subscription_id, update_id, attempts, reason)
select subscription_id, update_id, attempts, 'retention' from old order by subscription_id, update_id
on conflict (subscription_id, update_id) do nothing
