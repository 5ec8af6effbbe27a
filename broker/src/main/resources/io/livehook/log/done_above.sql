-- R4. What is done of the updates above the watermarks. $1 lowest watermark, $2 highest tail, $3 lanes. Index attempt_key, retry_update.
select subscription_id, update_id, max(number)::int4 as number, bool_or(ended) as ended
  from attempt where update_id > $1::int8 and update_id <= $2::int8 group by 1, 2
union all
select subscription_id, update_id, attempts, true
  from retry where lane = any($3::int4[]) and update_id > $1::int8
