-- R4 (1). Ends whoever holds these lanes; waits for a statement of theirs in flight. $1 lanes, $2 this owner.
update owner set ended_at = now()
 where ended_at is null and id <> $2::int8
   and id in (select owner_id from lane where id = any($1::int4[]))
