-- R11. Deliveries given up. A column each. Index dead_letter_pkey.
insert into dead_letter (subscription_id, update_id, attempts, reason)
select d.* from unnest($1::int8[], $2::int8[], $3::int4[], $4::text[]) d (s, u, a, r) order by d.s, d.u
on conflict (subscription_id, update_id) do update set attempts = excluded.attempts, reason = excluded.reason, at = now()
