-- R4 (3). Heads of the log above the watermarks. $1 lanes, $2 their watermarks, $3 the lowest of them. Index update_log_id.
select u.id, u.resource_id, u.sub_ver, u.sequence, u.kind, u.etag, u.content_type, u.headers
  from update_log u
  join unnest($1::int4[], $2::int8[]) l (lane, watermark) on l.lane = ((u.id >> 12) & 1023)::int4
 where u.id > $3::int8 and u.id > l.watermark
 order by u.id
