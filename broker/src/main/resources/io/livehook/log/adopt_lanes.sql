-- R4 (2). Takes lanes whose owner has ended. $1 lanes, $2 this owner.
update lane set owner_id = $2::int8
 where id = any($1::int4[])
   and not exists (select 1 from owner o where o.id = lane.owner_id and o.ended_at is null)
