-- One turn of one client of the pool. `rolecall::pool::LocalPool` is the specification of what is lent; this adds what
-- a shared state needs: whether it can be trusted, and which clients own a share.
--
-- KEYS  1 the pool (hash): `all`, what holds for all, and each client's last turn; `due`, when permits come back, in order;
--       and by the name of each client its permits in use.  A few calls and strings, because a call of a command costs as
--       much as most of the rest.
-- ARGV  1 client (8 bytes)  2 server's run id ('': unknown)  3 the numbers below  4 what is returned, by number (RETURNED)
--       All times in microseconds, all bytes big-endian.
-- Returns 1 status (0 done, 1 lost, 2 too late or outdated)  2 next  3 pause  4 closed  5 time  6 own share  7 permits lent
--         from now on  8... starts of the other ones
local key, client, run, returned = KEYS[1], ARGV[1], ARGV[2], ARGV[4]
local call, max, min, floor = redis.call, math.max, math.min, math.floor
local pack, unpacked = struct.pack, struct.unpack
local turn, answered, -- the last turn that succeeded (0: none)
  jumped, -- 1 if the clock has jumped
  latest, -- lend nothing after this time (0: whenever)
  my_limit, my_owned, owners, -- owned by all clients together, and by how many at most
  may_own, claims, -- 1 if this one should own a share, if it already does
  my_window, my_hold, first, wanted, within, pause,
  my_left, left_for, -- one more than the requests left by the server's count (0: unknown), and for how long
  listen -- for how long a new state is closed
  = unpacked('>I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8', ARGV[3])

-- Numbers that follow each other, returned with the same time until they may be lent again: first, count, time.
local RETURNED, RETURNED_SIZE = '>I6I4I7', 17
-- A client's permits in use: numbers that follow each other, with the same start: first, count, start.
local RUN, RUN_SIZE = '>I6I4I7', 17
-- A client: its name, last turn and its time, whether it owns a share, what it wants, and what it was served.
local CLIENT, CLIENT_SIZE, AFTER_TURN = '>c8I6I7I1I4I7', 33, 14
local HEAD = '>I7I4I7I7I7I7I4I7I4I7I7I7I7I7i8I7I7s'
local TIME, TIME_SIZE = '>I7', 7

local found = call('HMGET', key, 'all', 'due', client)
local all, due, mine = found[1], found[2] or '', found[3] or ''
local known = all
local last, in_use, oldest, -- the time of the last turn; no permit in use has an earlier start
  paused, closed, lost_until,
  limit, limit_until, owned, owned_until, window, window_until, hold, hold_until,
  left, left_until, -- of the server's count (0: unknown)
  kept, -- when the key was last kept from expiring
  writer, -- the run id of the server that wrote it
  clients -- where they begin
if all then
  last, in_use, oldest, paused, closed, lost_until, limit, limit_until, owned, owned_until, window, window_until, hold,
    hold_until, left, left_until, kept, writer, clients = unpacked(HEAD, all)
else
  all, clients = '', 1
  last, in_use, oldest, paused, closed, lost_until, kept, writer = 0, 0, 0, 0, 0, 0, 0, ''
  limit, limit_until, owned, owned_until, window, window_until, hold, hold_until = 0, 0, 0, 0, 0, 0, 0, 0
  left, left_until = 0, 0
end

-- This client's entry.
local me, from = nil, clients
repeat
  me = all:find(client, from, true)
  from = (me or 0) + 1
until not me or (me - clients) % CLIENT_SIZE == 0
local name, had, seen, owns, wants, served = client, 0, now, 0, 0, 0
if me then name, had, seen, owns, wants, served = unpacked(CLIENT, all, me) end

-- An outdated turn was delayed on its way; the same turn again lost its reply, and gets it once more.
if had > turn then return { 2, 0, 0, 0, now, 1, 0 } end
if had == turn then
  local reply = { 0, 0, max(0, paused - now), max(0, closed - now), now, owns, 0 }
  for at = 1, #mine, RUN_SIZE do
    local number, count, start = unpacked(RUN, mine, at)
    for lent = max(number, first), min(number + count, first + wanted) - 1 do
      reply[8 + lent - first] = max(0, start - now)
    end
  end
  return reply
end

-- Can the state be trusted? It cannot if another server wrote it (which may have written more), if the clock jumped, or
-- if a client remembers more than it does, unless that is known already.
local lost = jumped == 1 or answered > had and lost_until <= now or writer ~= '' and run ~= '' and writer ~= run
if now < last then
  -- A clock that was set back stands still until it is there again.
  if last - now > my_window then lost = true else now = last end
end
if lost then
  -- Permits may be in use that nobody knows of: all are back after the longest hold and a window.
  call('DEL', key)
  closed = now + max(window, my_window) + max(hold, my_hold)
  lost_until = closed
  -- A pause goes on for as long as it had to, whatever the clock shows.
  paused = now + max(0, paused - (known and last or now))
  in_use, kept, writer, left_until = 0, 0, '', 0
  limit_until, owned_until, window_until, hold_until = 0, 0, 0, 0
  all, due, mine, clients, me = '', '', '', 1, nil
  seen, owns, wants, served = now, 0, 0, 0
elseif not known then
  closed = now + listen
end
if run ~= '' then writer = run end

-- Clients may disagree; the strictest is in force for as long as its clients take turns.
local until_then = now + 2 * (my_window + my_hold)
if limit_until <= now or my_limit <= limit then limit, limit_until = my_limit, until_then end
if owned_until <= now or my_owned >= owned then owned, owned_until = my_owned, until_then end
if window_until <= now or my_window >= window then window, window_until = my_window, until_then end
if hold_until <= now or my_hold >= hold then hold, hold_until = my_hold, until_then end

-- How many permits are due by then, if the first `low` are.
local function due_by(time, low)
  local high = #due / TIME_SIZE
  if low < high and unpacked(TIME, due, (high - 1) * TIME_SIZE + 1) <= time then return high end
  while low < high do
    local middle = floor((low + high) / 2)
    if unpacked(TIME, due, middle * TIME_SIZE + 1) <= time then low = middle + 1 else high = middle end
  end
  return low
end

-- What is returned. A permit that starts later is not free before that, either.
local backs, back_at, unused = {}, {}, 0
local function comes_back(count, back)
  in_use = in_use - count
  if back <= now then return end
  if not back_at[back] then backs[#backs + 1] = back end
  back_at[back] = (back_at[back] or 0) + count
end
if returned ~= '' and mine ~= '' then
  local stay, from, at = {}, 1, 1
  local number, count, back_in = unpacked(RETURNED, returned)
  local function next_returned()
    at = at + RETURNED_SIZE
    if at > #returned then number = nil else number, count, back_in = unpacked(RETURNED, returned, at) end
  end
  for run_at = 1, #mine, RUN_SIZE do
    local low, high, start = unpacked(RUN, mine, run_at)
    high = low + high
    while number and number + count <= low do next_returned() end
    if not number then break end
    if number < high then
      stay[#stay + 1] = mine:sub(from, run_at - 1)
      from = run_at + RUN_SIZE
      while number and number < high do
        if number > low then stay[#stay + 1] = pack(RUN, low, number - low, start) end
        local beyond = min(high, number + count)
        local ended = beyond - max(low, number)
        if start > now or back_in == 0 then unused = unused + ended end
        comes_back(ended, max(start, now + back_in))
        low = beyond
        if number + count > high then break end
        next_returned()
      end
      if low < high then stay[#stay + 1] = pack(RUN, low, high - low, start) end
    end
  end
  mine = table.concat(stay) .. mine:sub(from)
end
-- What was held too long counts as used in the last moment.
if in_use > 0 and now >= oldest + hold then
  oldest = math.huge
  local fields = call('HGETALL', key)
  for i = 1, #fields, 2 do
    local name, runs, stay = fields[i], fields[i + 1], {}
    if name == client then runs = mine end
    if #name == 8 then
      for at = 1, #runs, RUN_SIZE do
        local _, count, start = unpacked(RUN, runs, at)
        if start + hold <= now then
          comes_back(count, start + hold + window)
        else
          oldest = min(oldest, start)
          stay[#stay + 1] = runs:sub(at, at + RUN_SIZE - 1)
        end
      end
      stay = table.concat(stay)
      if name == client then mine = stay
      elseif stay == '' then call('HDEL', key, name)
      elseif stay ~= runs then call('HSET', key, name, stay) end
    end
  end
end
if #backs > 0 then
  if #backs > 1 then table.sort(backs) end
  local parts, from = {}, 0
  for i = 1, #backs do
    local place = due_by(backs[i], from)
    parts[2 * i - 1] = due:sub(from * TIME_SIZE + 1, place * TIME_SIZE)
    parts[2 * i] = pack(TIME, backs[i]):rep(back_at[backs[i]])
    from = place
  end
  due = table.concat(parts) .. due:sub(from * TIME_SIZE + 1)
end
if due ~= '' and unpacked(TIME, due) <= now then due = due:sub(due_by(now, 1) * TIME_SIZE + 1) end
local coming = #due / TIME_SIZE

-- What the server said.
if pause > 0 then paused = max(paused, now + pause) end
if left_until <= now then left, left_until = math.huge, 0 end
if my_left > 0 then left, left_until = min(left, my_left - 1 - in_use), now + left_for end

-- Who takes part, who owns a share, and who competes for permits. One that ends or restarts leaves its share to others
-- once all that it may have sent is a window ago.
local late = latest > 0 and now > latest
if late then wanted = 0 end
local shares, least, most = owns, math.huge, 0
local others_served, others_want, competitors = {}, {}, 0
local forgotten, expected = now - hold - window, now - 2000000
local others, from = '', clients
for at = clients, #all, CLIENT_SIZE do
  local gone = at == me
  if not gone then
    local was_seen, has_share, wanting, was_served = unpacked('>I7I1I4I7', all, at + AFTER_TURN)
    gone = was_seen < forgotten
    if not gone then
      shares, most = shares + has_share, max(most, was_served)
      if wanting > 0 and was_seen > expected then
        competitors = competitors + 1
        others_served[competitors], others_want[competitors] = was_served, wanting
        least = min(least, was_served)
      end
    end
  end
  if gone then
    others = others .. all:sub(from, at - 1)
    from = at + CLIENT_SIZE
  end
end
others = others .. all:sub(from)
served = max(0, served - unused)
if wanted > 0 and not (wants > 0 and seen > expected) then served = max(served, competitors > 0 and least or most) end
if may_own == 0 then
  owns = 0
elseif owns == 0 and (closed > now and claims == 1 or closed <= now and shares < owners) then
  owns = 1
end

-- Free permits first, then those that come back soon; of both, the client's part: each permit goes to the client that has
-- been lent the fewest, of those that want more.
local reply = { late and 2 or lost and 1 or 0, 0, max(0, paused - now), max(0, closed - now), now, owns, 0 }
local part, shut = 0, max(paused, closed)
if wanted > 0 and shut > now then
  reply[2] = shut - now
elseif wanted > 0 then
  within = min(within, floor(window / 10))
  local idle = max(0, limit - owned) - in_use - coming
  -- Under a lower limit than before, the first to come back are surplus.
  local surplus = max(0, -idle)
  idle = max(0, idle)
  local available = idle
  if coming > surplus and (idle < wanted or competitors > 0) then
    available = idle + max(0, due_by(now + within, 0) - surplus)
  end
  available = max(0, min(available, left))
  local function before(nth)
    local level, sum = served + nth - 1, 0
    for i = 1, competitors do
      local ahead = level - others_served[i]
      if ahead > 0 then sum = sum + min(ahead, others_want[i]) end
    end
    return sum
  end
  part = min(wanted, available)
  if part > 0 and part + before(part) > available then
    local too_many = part
    part = 0
    while too_many - part > 1 do
      local middle = floor((part + too_many) / 2)
      if middle + before(middle) <= available then part = middle else too_many = middle end
    end
  end

  if part < wanted then
    local place = surplus + max(0, part + before(part + 1) - idle)
    local next = place < coming and unpacked(TIME, due, place * TIME_SIZE + 1) - within / 2 - now
      or min(1000000, floor(window / 8))
    next = max(1000, next)
    if left <= part then next = max(next, left_until - now) end
    reply[2] = math.ceil(next)
  end
  if part > 0 then
    if in_use == 0 then oldest = math.huge end
    local at_once = min(part, idle)
    reply[7] = at_once
    if at_once > 0 then
      mine = mine .. pack(RUN, first, at_once, now)
      oldest = min(oldest, now)
    end
    for ahead = 1, part - at_once do
      local start = unpacked(TIME, due, (surplus + ahead - 1) * TIME_SIZE + 1)
      reply[7 + ahead] = start - now
      mine = mine .. pack(RUN, first + at_once + ahead - 1, 1, start)
      oldest = min(oldest, start)
    end
    if part > at_once then
      due = due:sub(1, surplus * TIME_SIZE) .. due:sub((surplus + part - at_once) * TIME_SIZE + 1)
    end
    in_use = in_use + part
  end
  left = left - part
end

-- A key that expires with permits in use would be lost: it is kept for two weeks, from the last day of use on.
local keep = now > kept + 86400000000
if keep then kept = now end
if left_until == 0 then left = 0 end
all = pack(HEAD, now, in_use, in_use > 0 and oldest or 0, paused, closed, lost_until, limit, limit_until, owned, owned_until,
  window, window_until, hold, hold_until, left, left_until, kept, writer)
  .. pack(CLIENT, client, turn, now, owns, wanted - part, served + part) .. others
if mine == (found[3] or '') then
  call('HSET', key, 'all', all, 'due', due)
else
  call('HSET', key, 'all', all, 'due', due, client, mine)
end
if keep then call('PEXPIRE', key, 1209600000) end
return reply
