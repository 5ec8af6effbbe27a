-- R12. A dead letter becomes a retry due now. $1 subscription, $2 update, $3 lane. Returns a row when there was one.
with taken as (delete from dead_letter where subscription_id = $1::int8 and update_id = $2::int8 returning subscription_id, update_id)
insert into retry (subscription_id, update_id, lane, attempts, next_at, reason)
select subscription_id, update_id, $3::int4, 0, now(), 'redelivered' from taken
on conflict (subscription_id, update_id) do update set next_at = now()
returning subscription_id
