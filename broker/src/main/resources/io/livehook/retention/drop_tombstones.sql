-- Ended subscriptions whose tombstone has had its time, at most 1,000. $1 milliseconds. Index subscription_ended.
with old as (
  select id from subscription where status = 'ended' and ended_at < now() - $1::int8 * interval '1 millisecond'
   order by id limit 1000),
 dead as (delete from dead_letter where subscription_id in (select id from old)),
 gaps as (delete from gap where subscription_id in (select id from old)),
 counts as (delete from subscription_count where subscription_id in (select id from old)),
 waiting as (delete from retry where subscription_id in (select id from old)),
 late as (delete from behind where subscription_id in (select id from old))
delete from subscription where id in (select id from old)
