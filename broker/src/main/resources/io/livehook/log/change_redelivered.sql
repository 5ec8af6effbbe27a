-- R12. A dead letter becomes a retry due now, if the log still has its update (R14). $1 subscription, $2 update, $3 lane. Returns a row when there was one.
with taken as (
  delete from dead_letter d where d.subscription_id = $1::int8 and d.update_id = $2::int8
     and d.update_id > (select l.floor from lane l where l.id = $3::int4)
  returning d.subscription_id, d.update_id)
insert into retry (subscription_id, update_id, lane, attempts, next_at, reason)
select subscription_id, update_id, $3::int4, 0, now(), 'redelivered' from taken
on conflict (subscription_id, update_id) do update set next_at = now()
returning subscription_id
