-- One turn of one client of the pool. `rolecall::pool::LocalPool` is the specification of what is lent; this adds what
-- a shared state needs: whether it can be trusted, and which clients own a share.
--
-- KEYS  1 permits in use, by their start (sorted set)   2 permits due back, by when (sorted set)
--       3 what holds for all, and each client's last turn (string, MessagePack)
-- ARGV  1 client  2 turn  3 last turn that succeeded (0: none)  4 server's run id ('': unknown)
--       5 1 if the clock has jumped  6 lend nothing after this time (0: whenever)
--       7 limit  8 owned by all clients together  9 clients that may own a share  10 1 if this one should
--       11 1 if it already does  12 window  13 hold  14 first number  15 wanted  16 reserved  17 within
--       18 pause  19 requests left by the server's count (-1: unknown)  20 for how long  21 how long a new state is closed
--       22... returned: number, time until it may be lent again.  All times in microseconds.
-- Returns 1 status (0 done, 1 lost, 2 too late or outdated)  2 next  3 pause  4 closed  5 time  6 own share  7... starts
local function int(i) return tonumber(ARGV[i]) end
local function str(n) return string.format('%.0f', n) end
local out, due = KEYS[1], KEYS[2]
local client, turn, answered, run, wanted = ARGV[1], int(2), int(3), ARGV[4], int(15)
local function id(number) return client .. struct.pack('>I6', number) end

local known = redis.call('GET', KEYS[3])
local all = known and cmsgpack.unpack(known) or { clients = {} }
local me = all.clients[client]
local had = me and me.turn or 0
local in_use, coming = redis.call('ZCARD', out), redis.call('ZCARD', due)

-- An outdated turn was delayed on its way; the same turn again lost its reply, and gets it once more.
if had > turn then return { 2, 0, 0, 0, now, 1 } end
if had == turn then
  local reply = { 0, 0, math.max(0, all.pause - now), math.max(0, all.closed - now), now, me.owns }
  for i = 0, wanted - 1 do
    local start = redis.call('ZSCORE', out, id(int(14) + i))
    if not start then break end
    reply[i + 7] = math.max(0, tonumber(start) - now)
  end
  return reply
end

-- Can the state be trusted? It cannot if parts of it are missing, if another server wrote it (which may have written
-- more), if the clock jumped, or if a client remembers more than it does, unless that is known already.
local longest = math.max(all.window or 0, int(12)) + math.max(all.hold or 0, int(13))
local lost = int(5) == 1 or answered > had and (all.lost_until or 0) <= now
  or all.run and run ~= '' and all.run ~= run
  or in_use ~= (all.in_use or 0) or coming ~= (all.coming or 0)
if all.now and now < all.now then
  -- A clock that was set back stands still until it is there again.
  if all.now - now > int(12) then lost = true else now = all.now end
end
if lost then
  -- Permits may be in use that nobody knows of: all are back after the longest hold and a window.
  redis.call('DEL', out, due)
  in_use, coming, me = 0, 0, nil
  -- A pause goes on for as long as it had to, whatever the clock shows.
  local pause = math.max(0, (all.pause or 0) - (all.now or now))
  all = { clients = {}, pause = now + pause, closed = now + longest, lost_until = now + longest }
elseif not known then
  all.closed = now + int(21)
end
if run ~= '' then all.run = run end
all.now = now

-- Clients may disagree; the strictest is in force for as long as its clients take turns.
local function agree(name, value, sign)
  local current, till = all[name], name .. '_until'
  if current and all[till] > now and current * sign > value * sign then return current end
  all[name], all[till] = value, now + 2 * (int(12) + int(13))
  return value
end
local lendable = math.max(0, agree('limit', int(7), -1) - agree('owned', int(8), 1))
local window, hold = agree('window', int(12), 1), agree('hold', int(13), 1)

-- What is returned. A permit that starts later is not free before that, either.
local function comes_back(permit, back)
  if back > now then coming = coming + redis.call('ZADD', due, 'GT', str(back), permit) end
end
for i = 22, #ARGV, 2 do
  local permit, back = id(int(i)), now + int(i + 1)
  local start = in_use > 0 and redis.call('ZSCORE', out, permit)
  if start then
    in_use = in_use - redis.call('ZREM', out, permit)
    back = math.max(back, tonumber(start))
  end
  comes_back(permit, back)
end
-- What was held too long counts as used in the last moment; what is due is free.
if in_use > 0 then
  local gone = redis.call('ZRANGEBYSCORE', out, '-inf', str(now - hold), 'WITHSCORES')
  for i = 1, #gone, 2 do
    in_use = in_use - redis.call('ZREM', out, gone[i])
    comes_back(gone[i], tonumber(gone[i + 1]) + hold + window)
  end
end
if coming > 0 then coming = coming - redis.call('ZREMRANGEBYSCORE', due, '-inf', str(now)) end

-- What the server said.
all.pause = all.pause or 0
if int(18) > 0 then all.pause = math.max(all.pause, now + int(18)) end
if all.left and all.left_until <= now then all.left = nil end
if int(19) >= 0 then
  all.left, all.left_until = math.min(all.left or math.huge, int(19) - in_use), now + int(20)
end

-- Who takes part, who owns a share, and who asked lately. One that ends or restarts leaves its share to others once all
-- that it may have sent is a window ago.
local late = int(6) > 0 and now > int(6)
if late then wanted = 0 end
me = me or { owns = 0 }
me.turn, me.seen = turn, now
if wanted > 0 then me.asked = now end
all.clients[client] = me
local shares, asking = 0, 0
for name, other in pairs(all.clients) do
  if other.seen < now - hold - window then
    all.clients[name] = nil
  else
    shares = shares + other.owns
    if (other.asked or -1) > now - window then asking = asking + 1 end
  end
end
if int(10) == 0 then
  me.owns = 0
elseif me.owns == 0 and (all.closed > now and int(11) == 1 or all.closed <= now and shares < int(9)) then
  me.owns = 1
end

-- Free permits first, then those that come back soon: of these a fair part.
local starts, next, shut = {}, 0, math.max(all.pause, all.closed)
if wanted > 0 and shut > now then
  next = shut - now
elseif wanted > 0 then
  local idle = lendable - in_use - coming
  local most = math.min(wanted, math.max(0, all.left or wanted))
  local lent, taken = {}, {}
  local function lend(start, from)
    local n = #starts
    starts[n + 1], lent[2 * n + 1], lent[2 * n + 2] = start - now, str(start), id(int(14) + n)
    taken[#taken + 1] = from
  end
  for _ = 1, math.min(idle, most) do lend(now) end
  if #starts < wanted then
    local within = math.min(int(17), math.floor(window / 10))
    -- Under a lower limit than before, the first to come back are surplus.
    local surplus = math.max(0, -idle)
    local soon = math.max(0, redis.call('ZCOUNT', due, '-inf', str(now + within)) - surplus)
    local reserved = redis.call('ZCOUNT', out, '(' .. str(now), '+inf')
    local ahead = math.max(1, math.floor((soon + reserved) / asking)) - int(16)
    local backs = redis.call('ZRANGE', due, surplus, surplus + most - #starts, 'WITHSCORES')
    for i = 1, #backs, 2 do
      local back = tonumber(backs[i + 1])
      if #starts >= most then break end
      if ahead <= 0 then
        next = back - now
        break
      end
      if back > now + within then
        next = back - math.floor(within / 2) - now
        break
      end
      lend(back, backs[i])
      ahead = ahead - 1
    end
    if #starts < wanted then
      if next <= 0 then next = math.min(1000000, math.floor(window / 8)) end
      next = math.max(1000, next)
      if all.left and all.left <= #starts then next = math.max(next, all.left_until - now) end
    end
  end
  if #taken > 0 then coming = coming - redis.call('ZREM', due, unpack(taken)) end
  if #lent > 0 then in_use = in_use + redis.call('ZADD', out, unpack(lent)) end
  if all.left then all.left = all.left - #starts end
end

-- Two weeks: a state that expires with permits in use would be lost. Sets that are not new are kept for a while anyway.
local keep = now > (all.kept or 0) + 86400000000
if keep then all.kept = now end
if in_use > 0 and (keep or (all.in_use or 0) == 0) then redis.call('PEXPIRE', out, 1209600000) end
if coming > 0 and (keep or (all.coming or 0) == 0) then redis.call('PEXPIRE', due, 1209600000) end
all.in_use, all.coming = in_use, coming
redis.call('SET', KEYS[3], cmsgpack.pack(all), 'PX', 1123200000)
local reply = {
  late and 2 or lost and 1 or 0, math.ceil(next), math.max(0, all.pause - now), math.max(0, all.closed - now), now, me.owns,
}
for i = 1, #starts do reply[i + 6] = math.ceil(starts[i]) end
return reply
