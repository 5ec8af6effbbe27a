-- R11. Fenced insert of attempts: the hot shape of a flush. $1 owner, then a column each.
with fence as materialized (select 1 from owner where id = $1::int8 and ended_at is null for share)
insert into attempt (update_id, subscription_id, number, at, duration, status, ended, reason, answer)
select a.* from fence, unnest($2::int8[], $3::int8[], $4::int4[], $5::int8[], $6::int4[], $7::int2[], $8::bool[], $9::text[], $10::bytea[]) a
