-- R4 (1). Ends the owners that are replaced and nobody else; waits for a statement of theirs in flight. $1 owners.
with old as (select id from owner where id = any($1::int8[]) and ended_at is null order by id for update)
update owner set ended_at = now() from old where owner.id = old.id and owner.ended_at is null
