-- R12. Ends, with their behind and waiting rows. $1 ids, $2 reasons, $3 to_ver, $4 to_sequence.
with gone as (delete from behind where subscription_id = any($1::int8[])),
waiting as (delete from retry where subscription_id = any($1::int8[]))
update subscription s set status = 'ended', reason = e.reason, to_ver = e.ver, to_sequence = e.seq, ended_at = now()
  from unnest($1::int8[], $2::text[], $3::int8[], $4::int8[]) e (id, reason, ver, seq) where s.id = e.id
