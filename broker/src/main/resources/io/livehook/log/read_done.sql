-- R4. What the tables know of these updates ($1) for these subscriptions ($2). Index attempt_key, retry_pkey, gap_pkey.
select subscription_id, update_id, max(number)::int4 as number, bool_or(ended) as ended
  from attempt where update_id = any($1::int8[]) and subscription_id = any($2::int8[]) group by 1, 2
union all
select subscription_id, update_id, attempts, true
  from retry where subscription_id = any($2::int8[]) and update_id = any($1::int8[])
union all
select g.subscription_id, u.id, 0, true
  from gap g join unnest($1::int8[]) u (id) on u.id > g.from_id and u.id <= g.to_id
 where g.subscription_id = any($2::int8[])
