-- A clean stop hands its lanes over. $1 owner.
with ended as (update owner set ended_at = now() where id = $1::int8 and ended_at is null returning id)
update lane set owner_id = null where owner_id in (select id from ended)
