-- One turn of one client of the pool. `rolecall::pool::LocalPool` is the specification of what is lent; this adds what
-- a shared state needs: whether it can be trusted, and which clients own a share.
--
-- KEYS  1 permits in use, by their start (sorted set)   2 permits due back, by when (sorted set)
--       3 what holds for all, and each client's last turn (string, MessagePack)
-- ARGV  1 client  2 server's run id ('': unknown)  3 the numbers below  4 returned: each with its number (6 bytes) and the
--       time until it may be lent again (8 bytes).  All times in microseconds, all bytes big-endian.
-- Returns 1 status (0 done, 1 lost, 2 too late or outdated)  2 next  3 pause  4 closed  5 time  6 own share  7... starts
local client, run, returned = ARGV[1], ARGV[2], ARGV[4]
local call, max, min = redis.call, math.max, math.min
local unpacked = struct.unpack
local turn, answered, -- the last turn that succeeded (0: none)
  jumped, -- 1 if the clock has jumped
  latest, -- lend nothing after this time (0: whenever)
  limit, owned, owners, -- owned by all clients together, and by how many at most
  may_own, owns, -- 1 if this one should own a share, if it already does
  window, hold, first, wanted, within, pause,
  left, left_for, -- one more than the requests left by the server's count (0: unknown), and for how long
  listen -- for how long a new state is closed
  = unpacked('>I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8I8', ARGV[3])
local out, due = KEYS[1], KEYS[2]
-- A client's entry.
local TURN, SEEN, OWNS, WANTS, SERVED = 1, 2, 3, 4, 5

local known = call('GET', KEYS[3])
local all = known and cmsgpack.unpack(known) or { in_use = 0, coming = 0, pause = 0, closed = 0, clients = {} }
local in_use, coming, me = all.in_use, all.coming, all.clients[client]
local had = me and me[TURN] or 0

-- An outdated turn was delayed on its way; the same turn again lost its reply, and gets it once more.
if had > turn then return { 2, 0, 0, 0, now, 1 } end
if had == turn then
  local reply = { 0, 0, max(0, all.pause - now), max(0, all.closed - now), now, me[OWNS] }
  for i = 0, wanted - 1 do
    local start = call('ZSCORE', out, client .. struct.pack('>I6', first + i))
    if not start then break end
    reply[i + 7] = max(0, tonumber(start) - now)
  end
  return reply
end

-- Can the state be trusted? It cannot if parts of it are missing, if another server wrote it (which may have written
-- more), if the clock jumped, or if a client remembers more than it does, unless that is known already.
local lost = jumped == 1 or answered > had and (all.lost_until or 0) <= now
  or all.run and run ~= '' and all.run ~= run
  or call('EXISTS', out, due) ~= (in_use > 0 and 1 or 0) + (coming > 0 and 1 or 0)
if all.now and now < all.now then
  -- A clock that was set back stands still until it is there again.
  if all.now - now > window then lost = true else now = all.now end
end
if lost then
  -- Permits may be in use that nobody knows of: all are back after the longest hold and a window.
  call('DEL', out, due)
  local longest = max(all.window or 0, window) + max(all.hold or 0, hold)
  -- A pause goes on for as long as it had to, whatever the clock shows.
  local paused = max(0, all.pause - (all.now or now))
  in_use, coming, me = 0, 0, nil
  all = { clients = {}, pause = now + paused, closed = now + longest, lost_until = now + longest }
elseif not known then
  all.closed = now + listen
end
if run ~= '' then all.run = run end
all.now = now

-- Clients may disagree; the strictest is in force for as long as its clients take turns.
local until_then = now + 2 * (window + hold)
local function agree(name, till, value, sign)
  local current = all[name]
  if current and all[till] > now and current * sign > value * sign then return current end
  all[name], all[till] = value, until_then
  return value
end
local lendable = max(0, agree('limit', 'limit_until', limit, -1) - agree('owned', 'owned_until', owned, 1))
window, hold = agree('window', 'window_until', window, 1), agree('hold', 'hold_until', hold, 1)

-- What is returned. A permit that starts later is not free before that, either.
local unused = 0
if returned ~= '' then
  local permits, backs, n, gone = {}, {}, 0, 0
  for at = 1, #returned, 14 do
    n = n + 1
    permits[n], backs[n] = client .. returned:sub(at, at + 5), now + unpacked('>I8', returned, at + 6)
  end
  local starts = in_use > 0 and call('ZMSCORE', out, unpack(permits)) or {}
  local coming_back, m = {}, 0
  for i = 1, n do
    local start, back = tonumber(starts[i]), backs[i]
    if start then
      gone = gone + 1
      if start > now or back <= now then unused = unused + 1 end
      if start > back then back = start end
    end
    if back > now then
      coming_back[m + 1], coming_back[m + 2] = back, permits[i]
      m = m + 2
    end
  end
  if gone > 0 then in_use = in_use - call('ZREM', out, unpack(permits)) end
  if m > 0 then coming = coming + call('ZADD', due, 'GT', unpack(coming_back)) end
end
-- What was held too long counts as used in the last moment; what is due is free.
if in_use > 0 and now >= all.oldest + hold then
  local gone = call('ZRANGEBYSCORE', out, '-inf', now - hold, 'WITHSCORES')
  for i = 1, #gone, 2 do
    local back = gone[i + 1] + hold + window
    in_use = in_use - call('ZREM', out, gone[i])
    if back > now then coming = coming + call('ZADD', due, 'GT', back, gone[i]) end
  end
  all.oldest = tonumber(call('ZRANGE', out, 0, 0, 'WITHSCORES')[2])
end
if coming > 0 then coming = coming - call('ZREMRANGEBYSCORE', due, '-inf', now) end

-- What the server said.
if pause > 0 then all.pause = max(all.pause, now + pause) end
if all.left and all.left_until <= now then all.left = nil end
if left > 0 then all.left, all.left_until = min(all.left or math.huge, left - 1 - in_use), now + left_for end

-- Who takes part, who owns a share, and who competes for permits. One that ends or restarts leaves its share to others
-- once all that it may have sent is a window ago.
local late = latest > 0 and now > latest
if late then wanted = 0 end
me = me or { 0, now, 0, 0, 0 }
all.clients[client] = me
local shares, others, least, most = me[OWNS], {}, math.huge, 0
local forgotten, expected = now - hold - window, now - 2000000
for name, other in pairs(all.clients) do
  local seen = other[SEEN]
  if name == client then
    -- Itself.
  elseif seen < forgotten then
    all.clients[name] = nil
  else
    local served = other[SERVED]
    shares = shares + other[OWNS]
    most = max(most, served)
    if other[WANTS] > 0 and seen > expected then
      others[#others + 1] = other
      least = min(least, served)
    end
  end
end
local served = max(0, me[SERVED] - unused)
if wanted > 0 and not (me[WANTS] > 0 and me[SEEN] > expected) then
  served = max(served, #others > 0 and least or most)
end
me[TURN], me[SEEN] = turn, now
if may_own == 0 then
  me[OWNS] = 0
elseif me[OWNS] == 0 and (all.closed > now and owns == 1 or all.closed <= now and shares < owners) then
  me[OWNS] = 1
end

-- Free permits first, then those that come back soon; of both, the client's part: each permit goes to the client that has
-- been lent the fewest, of those that want more.
local starts, next, shut, part = {}, 0, max(all.pause, all.closed), 0
if wanted > 0 and shut > now then
  next = shut - now
elseif wanted > 0 then
  within = min(within, math.floor(window / 10))
  local idle = lendable - in_use - coming
  -- Under a lower limit than before, the first to come back are surplus.
  local surplus = max(0, -idle)
  idle = max(0, idle)
  local available = idle
  if coming > surplus and (idle < wanted or #others > 0) then
    available = idle + max(0, call('ZCOUNT', due, '-inf', now + within) - surplus)
  end
  if all.left then available = max(0, min(available, all.left)) end
  local function before(nth)
    local level, sum = served + nth - 1, 0
    for i = 1, #others do
      local other = others[i]
      local ahead = level - other[SERVED]
      if ahead > 0 then sum = sum + min(ahead, other[WANTS]) end
    end
    return sum
  end
  part = min(wanted, available)
  if part > 0 and part + before(part) > available then
    local too_many = part
    part = 0
    while too_many - part > 1 do
      local middle = math.floor((part + too_many) / 2)
      if middle + before(middle) <= available then part = middle else too_many = middle end
    end
  end

  local ahead = max(0, part - idle)
  local backs = ahead > 0 and call('ZRANGE', due, surplus, surplus + ahead - 1, 'WITHSCORES') or {}
  if part < wanted then
    local place = surplus + max(0, part + before(part + 1) - idle)
    local at = place < coming and call('ZRANGE', due, place, place, 'WITHSCORES')[2]
    next = at and tonumber(at) - within / 2 - now or min(1000000, math.floor(window / 8))
    next = max(1000, next)
    if all.left and all.left <= part then next = max(next, all.left_until - now) end
  end
  if part > 0 then
    local lent, oldest = {}, in_use > 0 and all.oldest or math.huge
    for i = 1, part do
      local start = i > idle and tonumber(backs[2 * (i - idle)]) or now
      starts[i], lent[2 * i - 1], lent[2 * i] = start - now, start, client .. struct.pack('>I6', first + i - 1)
      oldest = min(oldest, start)
    end
    if ahead > 0 then coming = coming - call('ZREMRANGEBYRANK', due, surplus, surplus + ahead - 1) end
    in_use = in_use + call('ZADD', out, unpack(lent))
    all.oldest = oldest
  end
  if all.left then all.left = all.left - part end
end
me[WANTS], me[SERVED] = wanted - part, served + part

-- Two weeks: a state that expires with permits in use would be lost. Sets that are not new are kept for a while anyway.
local keep = now > (all.kept or 0) + 86400000000
if keep then all.kept = now end
if in_use > 0 and (keep or (all.in_use or 0) == 0) then call('PEXPIRE', out, 1209600000) end
if coming > 0 and (keep or (all.coming or 0) == 0) then call('PEXPIRE', due, 1209600000) end
all.in_use, all.coming = in_use, coming
call('SET', KEYS[3], cmsgpack.pack(all), 'PX', 1123200000)
local reply = {
  late and 2 or lost and 1 or 0, math.ceil(next), max(0, all.pause - now), max(0, all.closed - now), now, me[OWNS],
}
for i = 1, part do reply[i + 6] = starts[i] end
return reply
