-- R10. Fenced. $1 owner, $2 lanes, $3 watermarks.
with fence as materialized (select 1 from owner where id = $1::int8 and ended_at is null for share)
update lane set watermark = w.watermark from fence, unnest($2::int4[], $3::int8[]) w (lane, watermark)
 where lane.id = w.lane and lane.owner_id = $1::int8
