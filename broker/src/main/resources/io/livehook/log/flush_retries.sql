-- R11. Retries that wait (again). A column each; times in ms. Index retry_pkey.
insert into retry (subscription_id, update_id, lane, attempts, next_at, reason)
select r.s, r.u, r.l, r.a, to_timestamp(r.n / 1000.0), r.r
  from unnest($1::int8[], $2::int8[], $3::int4[], $4::int4[], $5::int8[], $6::text[]) r (s, u, l, a, n, r)
 order by r.s, r.u
on conflict (subscription_id, update_id) do update
   set attempts = excluded.attempts, next_at = excluded.next_at, reason = excluded.reason
