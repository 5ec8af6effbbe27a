-- R14. New floors, never above where a subscription that is behind goes on. $1 lanes, $2 floors, $3 owner. Index behind_lane.
update lane set floor = greatest(lane.floor, least(f.floor, (select min(b.since) from behind b where b.lane = f.lane)))
  from unnest($1::int4[], $2::int8[]) f (lane, floor)
 where lane.id = f.lane and lane.owner_id = $3::int8
