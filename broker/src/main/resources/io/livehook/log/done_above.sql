-- R4. What is done of the updates above the watermarks. $1 lowest watermark, $2 highest tail, $3 lanes. Index attempt_key, retry_update, update_log_resource.
select subscription_id, update_id, max(number)::int4 as number, bool_or(ended) as ended
  from attempt where update_id > $1::int8 and update_id <= $2::int8 group by 1, 2
union all
select subscription_id, update_id, attempts, true
  from retry where lane = any($3::int4[]) and update_id > $1::int8
union all
select g.subscription_id, u.id, 0, true
  from gap g join subscription s on s.id = g.subscription_id
  join update_log u on u.resource_id = s.resource_id and u.id > g.from_id and u.id <= g.to_id
 where s.lane = any($3::int4[]) and g.to_id > $1::int8 and u.id > $1::int8
