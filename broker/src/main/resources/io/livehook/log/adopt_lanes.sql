-- R4 (2). Takes lanes that were handed over, or whose owner was replaced and has ended. $1 lanes, $2 this owner, $3 owners replaced.
update lane set owner_id = $2::int8
 where id = any($1::int4[]) and (owner_id is null or owner_id = any($3::int8[]))
   and not exists (select 1 from owner o where o.id = lane.owner_id and o.ended_at is null)
