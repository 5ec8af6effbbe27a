-- R4. Resources with subscriptions that are behind, or with retries of updates above the watermark. $1 lanes, $2 lowest watermark.
select s.lane, s.resource_id from behind b join subscription s on s.id = b.subscription_id where b.lane = any($1::int4[])
union
select s.lane, s.resource_id from retry t join subscription s on s.id = t.subscription_id
 where t.lane = any($1::int4[]) and t.update_id > $2::int8
