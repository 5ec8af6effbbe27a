-- R14. New floors. $1 lanes, $2 floors, $3 owner.
update lane set floor = greatest(lane.floor, f.floor) from unnest($1::int4[], $2::int8[]) f (lane, floor)
 where lane.id = f.lane and lane.owner_id = $3::int8
