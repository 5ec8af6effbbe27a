-- R6. Fenced insert of a batch. $1 owner, then a column each.
with fence as materialized (select 1 from owner where id = $1::int8 and ended_at is null for share)
insert into update_log (id, resource_id, sub_ver, sequence, kind, etag, content_type, headers, body)
select u.* from fence, unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int2[], $7::text[], $8::text[], $9::text[], $10::bytea[]) u
