-- R6. What earlier requests stored under these keys. $1 resources, $2 keys. Index idempotency_pkey.
select k.n, i.update_id, i.body_hash
  from unnest($1::int8[], $2::text[]) with ordinality k (resource_id, key, n)
  cross join lateral (
    select y.update_id, y.body_hash from idempotency y
     where y.resource_id = k.resource_id and y.key = k.key
       and y.day >= (now() at time zone 'UTC')::date - 1
     order by y.day limit 1) i
 order by k.n
