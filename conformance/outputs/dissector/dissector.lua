-- From here on it is the same for all dialects: `dialect` says how a frame looks.
-- It is written for Lua 5.2 to 5.4: no operators on bits, no integer division.

local proto = Proto(dialect.proto, dialect.title)

-- lead | length | JSON header | payload | trailer
local fields = {
  offset = ProtoField.uint64(dialect.proto .. ".offset", "Offset in the stream"),
  lead = ProtoField.bytes(dialect.proto .. ".lead", "Lead"),
  header = ProtoField.string(dialect.proto .. ".header", "JSON header"),
  payload_size = ProtoField.uint64(dialect.proto .. ".payload_size", "Payload size"),
  payload = ProtoField.bytes(dialect.proto .. ".payload", "Payload"),
  trailer = ProtoField.bytes(dialect.proto .. ".trailer", "Trailer"),
  payload_part = ProtoField.bytes(dialect.proto .. ".payload_part", "Payload, not put together"),
  rest = ProtoField.bytes(dialect.proto .. ".rest", "Not interpreted (ERR-1)"),
  error = ProtoField.string(dialect.proto .. ".error", "Error"),
  rule = ProtoField.string(dialect.proto .. ".rule", "Rule of SPEC.md"),
  error_offset = ProtoField.uint64(dialect.proto .. ".error_offset", "Offset of the error in the stream"),
}
if dialect.is_signed then
  fields.length = ProtoField.int64(dialect.proto .. ".length", "Length")
else
  fields.length = ProtoField.uint64(dialect.proto .. ".length", "Length")
end
proto.fields = fields

-- A kind of error, as framespec names it: the rule that it breaks, and what expert information is made of it.
local errors = {}
for kind, rule in pairs(dialect.rules) do
  errors[kind] = {
    rule = rule,
    expert = ProtoExpert.new(dialect.proto .. "." .. kind, kind .. " (" .. rule .. ")", expert.group.PROTOCOL,
                             expert.severity.ERROR),
  }
end
local not_put_together = ProtoExpert.new(dialect.proto .. ".not_put_together", "A frame that is not put together of its segments",
                                         expert.group.UNDECODED, expert.severity.NOTE)
local experts = {not_put_together}
for _, each in pairs(errors) do experts[#experts + 1] = each.expert end
proto.experts = experts

proto.prefs.port = Pref.range("TCP ports", dialect.port, "Ports whose streams are of this dialect", 65535)

-- Frames up to this size are put together of their segments.
local FRAME_SIZE_MAX = 2 ^ 28
local WORD = 2 ^ 32

-- A length has up to 64 bits, more than a number holds: {upper 32, lower 32}.
local function is_less(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end
local function is_same(a, b) return a[1] == b[1] and a[2] == b[2] end
local function number_of(value) return value[1] * WORD + value[2] end

local function wrong(kind, at, detail) return {kind = kind, at = at, detail = detail} end

-- `value` in the bits of `mask`.
local function masked(value, mask)
  local result, bit = 0, 1
  while mask > 0 do
    if mask % 2 == 1 and value % 2 == 1 then result = result + bit end
    mask, value, bit = math.floor(mask / 2), math.floor(value / 2), bit * 2
  end
  return result
end

-- Each of the following reads a part of `frame`, which begins at `first` in `tvb` and of which `have` bytes are there.
-- It gives back true; or nil, and either how many bytes of the frame are missing, or an error. As long as that is not
-- known it asks for another segment: Wireshark does not put together what is asked for in several exact pieces.
local MORE = DESEGMENT_ONE_MORE_SEGMENT

local function read_lead(tvb, first, have, frame)
  for index, expected in ipairs(dialect.lead) do
    if have < index then return nil, MORE end
    local value, mask = tvb(first + index - 1, 1):uint(), dialect.mask[index]
    if masked(value, mask) ~= masked(expected, mask) then
      return nil, wrong("bad_lead", index - 1, string.format("byte %d of the frame is 0x%02x; it must be 0x%02x in the bits of mask 0x%02x",
                                                             index - 1, value, expected, mask))
    end
  end
  frame.lead_size = #dialect.lead
  return true
end

local function read_varint(tvb, first, have, frame)
  local upper, lower = 0, 0
  for index = 0, dialect.width - 1 do
    if have <= frame.lead_size + index then return nil, MORE end
    local byte = tvb(first + frame.lead_size + index, 1):uint()
    if index == 9 and byte > 1 then return nil, wrong("bad_varint", frame.lead_size, "the varint is 2^64 or more") end
    local bits = byte % 128
    if 7 * index < 32 then
      local part = bits * 2 ^ (7 * index)
      lower = lower + part % WORD
      upper = upper + math.floor(part / WORD)
    else
      upper = upper + bits * 2 ^ (7 * index - 32)
    end
    if byte < 128 then
      if dialect.is_shortest and byte == 0 and index > 0 then
        return nil, wrong("bad_varint", frame.lead_size, "the varint has more bytes than its value needs (PFX-10)")
      end
      frame.length_size, frame.length = index + 1, {upper, lower}
      return true
    end
  end
  return nil, wrong("bad_varint", frame.lead_size, string.format("the varint does not end within %d bytes", dialect.width))
end

local function read_fixed_length(tvb, first, have, frame)
  if have < frame.lead_size + dialect.width then return nil, MORE end
  local upper, lower = 0, 0
  for index = 0, dialect.width - 1 do
    local at = dialect.is_little and dialect.width - 1 - index or index
    upper = upper * 256 + math.floor(lower / 2 ^ 24)
    lower = lower % 2 ^ 24 * 256 + tvb(first + frame.lead_size + at, 1):uint()
  end
  frame.length_size, frame.length = dialect.width, {upper, lower}
  if dialect.is_signed then
    local bits = 8 * dialect.width
    if bits <= 32 then
      frame.is_negative = lower >= 2 ^ (bits - 1)
      if frame.is_negative then frame.length = {WORD - 1, lower + WORD - 2 ^ bits} end
    else
      frame.is_negative = upper >= 2 ^ (bits - 33)
      if frame.is_negative then frame.length = {upper + WORD - 2 ^ (bits - 32), lower} end
    end
  end
  return true
end

-- LIM-1 and LIM-4 to LIM-6, of a length that counts the payload.
local function judge_payload(length, at)
  if dialect.zero_at and is_same(length, dialect.zero_at) then
    if not dialect.zero_is_legal then return wrong("zero_length", at, "the payload is empty; this dialect has none such") end
  elseif is_less(dialect.large_above, length) then
    return wrong("too_large", at, "the payload is longer than the maximum, " .. dialect.maximum .. " bytes")
  elseif is_less(length, dialect.small_below) then
    return wrong("too_small", at, "the payload is shorter than the minimum, " .. dialect.minimum .. " bytes")
  end
end

local function judge_length(frame)
  local at, length = frame.lead_size, frame.length
  if frame.is_negative then return wrong("negative_length", at, "the length is below zero") end
  if is_less(length, dialect.underflow_below) then
    return wrong("length_underflow", at, "the length is less than what it must itself include")
  end
  if not dialect.header then return judge_payload(length, at) end
  if is_less(dialect.beyond_63_bits, length) then return wrong("too_large", at, "the length stands for 2^63 bytes or more") end
  if is_less(dialect.header.large_above, length) then
    return wrong("header_too_large", at, "the header is longer than the maximum, " .. dialect.header.maximum .. " bytes")
  end
end

local function read_prefix(tvb, first, have, frame)
  local is_read, lack = read_lead(tvb, first, have, frame)
  if not is_read then return nil, lack end
  local read_length = dialect.is_varint and read_varint or read_fixed_length
  is_read, lack = read_length(tvb, first, have, frame)
  if not is_read then return nil, lack end
  frame.prefix_size = frame.lead_size + frame.length_size
  local problem = judge_length(frame)
  if problem then return nil, problem end
  frame.body_size = number_of(frame.length) * dialect.unit + dialect.adjustment
  return true
end

local function read_header(tvb, first, have, frame)
  frame.header_size, frame.payload_size = 0, frame.body_size
  if not dialect.header then return true end
  if have < frame.prefix_size + frame.body_size then return nil, MORE end
  frame.header_size = frame.body_size
  frame.header = frame.body_size > 0 and tvb:raw(first + frame.prefix_size, frame.body_size) or ""
  local values, kind, detail = dialect.header.parse(frame.header)
  if not values then return nil, wrong(kind, frame.prefix_size, detail) end
  frame.payload_size = values.total_size
  return true
end

local function read_trailer(tvb, first, have, frame)
  local begin = frame.prefix_size + frame.header_size + frame.payload_size
  frame.whole_size = begin + #dialect.trailer
  if have < begin then return nil, frame.whole_size - have end
  for index, expected in ipairs(dialect.trailer) do
    if have < begin + index then return nil, frame.whole_size - have end
    local value = tvb(first + begin + index - 1, 1):uint()
    if value ~= expected then
      return nil, wrong("bad_trailer", begin + index - 1,
                        string.format("byte %d of the trailer is 0x%02x; it must be 0x%02x", index - 1, value, expected))
    end
  end
  frame.size = frame.whole_size
  return true
end

-- The frame at `first`, as far as it is there: with its size, or with what it lacks, or with an error.
local function read_frame(tvb, first)
  local frame = {have = tvb:len() - first}
  for _, read in ipairs({read_prefix, read_header, read_trailer}) do
    local is_read, lack = read(tvb, first, frame.have, frame)
    if not is_read then
      if type(lack) == "number" then frame.lack = lack else frame.error = lack end
      return frame
    end
  end
  return frame
end

-- Each side of a connection is a stream. Packets are looked at again and again, the first time in order: what is known
-- where the bytes of a call begin is kept from then.
local tcp_stream, tcp_source = Field.new("tcp.stream"), Field.new("tcp.srcport")
local tcp_fin, tcp_sequence, tcp_size = Field.new("tcp.flags.fin"), Field.new("tcp.seq"), Field.new("tcp.len")
local streams, beginnings = {}, {}

function proto.init() streams, beginnings = {}, {} end

-- The number of the connection, which tells two of the same ports apart, is there only where a tree is wanted: not in
-- the first of several passes.
local function name_by_number()
  local stream, source = tcp_stream(), tcp_source()
  return stream and source and string.format("%.0f %.0f", stream.value, source.value)
end
local function name_by_address(pinfo)
  return string.format("%s %.0f %s %.0f", tostring(pinfo.src), pinfo.src_port, tostring(pinfo.dst), pinfo.dst_port)
end

-- `offset`: of the next frame; `to_skip`: so many bytes of a frame are still to come that is not put together;
-- `is_inside`: a part of the next frame has come.
local function where_it_begins(tvb, pinfo)
  -- In one packet, what was put together begins at 0, and what is behind it elsewhere.
  local call = string.format("%.0f %.0f", pinfo.number, tvb:offset())
  if not pinfo.visited or not beginnings[call] then
    beginnings[call] = streams[name_by_number() or name_by_address(pinfo)] or {offset = 0, to_skip = 0}
  end
  return beginnings[call]
end

local function keep(pinfo, stream)
  if not pinfo.visited then streams[name_by_number() or name_by_address(pinfo)] = stream end
end

local function uint64(value) return UInt64.new(value % WORD, math.floor(value / WORD)) end

local function add_error(item, range, kind, at, detail)
  item:add(fields.error, range, kind)
  item:add(fields.rule, range, errors[kind].rule)
  item:add(fields.error_offset, range, uint64(at))
  item:add_proto_expert_info(errors[kind].expert, string.format("%s at byte %.0f: %s [%s]", kind, at, detail, errors[kind].rule))
end

-- Those parts of the frame that could be read and are there.
local function add_parts(item, tvb, first, frame)
  local at, last = first, first + frame.have
  local function add(field, size, ...)
    local there = math.min(size, last - at)
    if there > 0 then item:add(field, tvb(at, there), ...) end
    at = at + math.max(there, 0)
  end
  if frame.lead_size then add(fields.lead, frame.lead_size) end
  if frame.length then
    local class = dialect.is_signed and Int64 or UInt64
    add(fields.length, frame.length_size, class.new(frame.length[2], frame.length[1]))
  end
  if frame.header then add(fields.header, frame.header_size) end
  if frame.payload_size and not (frame.error and frame.error.kind ~= "bad_trailer") then
    local is_whole = frame.size or frame.error
    if is_whole then
      item:add(fields.payload_size, tvb(first, frame.prefix_size), uint64(frame.payload_size)):set_generated()
    end
    add(is_whole and fields.payload or fields.payload_part, frame.payload_size)
    if frame.size then add(fields.trailer, #dialect.trailer) end
  end
  return at
end

local function add_frame(tree, tvb, first, frame, offset)
  local size = frame.size or frame.have
  local item = tree:add(proto, tvb(first, size))
  item:add(fields.offset, tvb(first, size), uint64(offset)):set_generated()
  local at = add_parts(item, tvb, first, frame)
  if frame.size then
    item:append_text(string.format(", a payload of %.0f bytes", frame.payload_size))
    return
  end
  if frame.error then
    item:append_text(", " .. frame.error.kind)
    add_error(item, tvb(first, size), frame.error.kind, offset + frame.error.at, frame.error.detail)
  end
  if frame.lack then
    item:append_text(frame.whole_size and string.format(", a payload of %.0f bytes, not put together", frame.payload_size)
                                      or ", of which the rest is not here")
    item:add_proto_expert_info(not_put_together)
  end
  if at < tvb:len() then item:add(fields.rest, tvb(at)) end
end

function proto.dissector(tvb, pinfo, tree)
  local begin = where_it_begins(tvb, pinfo)
  pinfo.cols.protocol:set(dialect.name)
  if begin.has_failed then
    tree:add(proto, tvb(), "Behind an error (ERR-1)"):add(fields.rest, tvb())
    return tvb:len()
  end
  local first = math.min(begin.to_skip, tvb:len())
  local offset, to_skip = begin.offset + first, begin.to_skip - first
  if first > 0 then tree:add(proto, tvb(0, first), "A payload that is not put together"):add(fields.payload_part, tvb(0, first)) end
  while first < tvb:len() do
    local frame = read_frame(tvb, first)
    if frame.lack and (frame.whole_size or 0) <= FRAME_SIZE_MAX and pinfo.can_desegment > 0 then
      keep(pinfo, {offset = offset, to_skip = 0, is_inside = true})
      pinfo.desegment_offset, pinfo.desegment_len = first, frame.lack
      return tvb:len()
    end
    add_frame(tree, tvb, first, frame, offset)
    if not frame.size and not frame.whole_size or frame.error then
      keep(pinfo, {offset = offset, to_skip = 0, has_failed = true})
      return tvb:len()
    end
    local taken = math.min(frame.whole_size, frame.have)
    first, offset, to_skip = first + taken, offset + taken, frame.whole_size - taken
  end
  keep(pinfo, {offset = offset, to_skip = to_skip})
  return tvb:len()
end

-- The end of a stream comes in a packet that may carry none of its bytes: EOS-1 and EOS-2. By then, or when it is looked
-- at again, all of the stream is known.
local at_end = Proto(dialect.proto .. "_end", dialect.title .. ", the end of a stream")

function at_end.dissector(tvb, pinfo, tree)
  local fin = tcp_fin()
  if not (fin and fin.value) then return end
  local stream = streams[name_by_number()] or streams[name_by_address(pinfo)]
  if not stream or not (stream.is_inside or stream.to_skip > 0) then return end
  local stream_size = tcp_sequence().value + tcp_size().value - 1
  local item = tree:add(proto, tvb(0, 0), "The end of a stream inside a frame")
  add_error(item, tvb(0, 0), "truncated", stream_size, "the stream ended inside a frame")
end

register_postdissector(at_end)

local tcp_ports = DissectorTable.get("tcp.port")
local ports = proto.prefs.port
tcp_ports:add(ports, proto)
tcp_ports:add_for_decode_as(proto)

function proto.prefs_changed()
  tcp_ports:remove(ports, proto)
  ports = proto.prefs.port
  tcp_ports:add(ports, proto)
end
