-- R9. Where subscriptions that are behind go on. A column each; probe times in ms, 0 = none. Index behind_pkey.
insert into behind (subscription_id, lane, since, reason, probe_at)
select b.s, b.l, b.i, b.r, case when b.p > 0 then to_timestamp(b.p / 1000.0) end
  from unnest($1::int8[], $2::int4[], $3::int8[], $4::text[], $5::int8[]) b (s, l, i, r, p) order by b.s
on conflict (subscription_id) do update
   set since = excluded.since, reason = excluded.reason, probe_at = excluded.probe_at
