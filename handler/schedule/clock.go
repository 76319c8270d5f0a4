package schedule

import "time"

// The cron library is asked about the clock on a wall, as if that ran in UTC, where no hour is missing and none
// comes twice. What a change of clocks makes of its answers is said here, and in the same way for both directions
// of time, so that a firing has one planned time however it is looked for.

// span is a time between two changes of the zone's clock.
type span struct {
	start, end time.Time     // zero for none
	offset     time.Duration // of the clock on the wall from UTC
	floor      time.Time     // on the wall: what it shows before that, an earlier span has fired
}

// span returns the one that t is in.
func (t Times) span(at time.Time) span {
	local := at.In(t.zone)
	start, end := local.ZoneBounds()
	if !end.IsZero() && !end.After(at) { // beyond its table, the library ends leap years a day early
		end, _ = local.Add(24 * time.Hour).ZoneBounds()
	}
	s := span{start: start, end: end, offset: offset(local)}
	if !start.IsZero() {
		shown := s.offset
		if !everyHour.whole(t.spec.Hour) {
			shown = offset(start.Add(-1)) // the clock stands where it was a moment ago, and was put on or back
		}
		s.floor = start.UTC().Add(shown)
	}
	return s
}

func offset(local time.Time) time.Duration {
	_, seconds := local.Zone()
	return time.Duration(seconds) * time.Second
}

// instant is when the clock shows something in the span, or has jumped over it.
func (s span) instant(wall time.Time) time.Time {
	if at := wall.Add(-s.offset); at.After(s.start) {
		return at
	}
	return s.start
}

// Next returns the first planned time after t.
func (t Times) Next(after time.Time) time.Time {
	after = after.Round(0)
	for {
		s := t.span(after)
		from := after.UTC().Add(s.offset)
		if before := s.floor.Add(-1); before.After(from) {
			from = before
		}
		wall := t.spec.Next(from)
		at := s.instant(wall)
		if wall.IsZero() || s.end.IsZero() || at.Before(s.end) {
			return t.local(wall, at)
		}
		if at = s.end; t.fires(at) {
			return at.In(t.zone)
		}
		after = s.end
	}
}

// early is how much too soon a platform's clock may fire.
const early = time.Second

// Planned returns the planned time that a firing at t is for: the last one, or one that is just about to come.
func (t Times) Planned(at time.Time) time.Time { return t.last(at.Add(early)) }

// last returns the last planned time that is not after t.
func (t Times) last(at time.Time) time.Time {
	at = at.Round(0)
	for {
		s := t.span(at)
		wall := t.spec.Prev(at.UTC().Add(s.offset).Truncate(time.Second).Add(time.Second))
		if wall.IsZero() || s.start.IsZero() || !wall.Before(s.floor) {
			return t.local(wall, s.instant(wall))
		}
		at = s.start.Add(-1)
	}
}

// fires reports whether a time is a planned one.
func (t Times) fires(at time.Time) bool { return t.last(at).Equal(at) }

// local is an instant in the zone, zero where there is none.
func (t Times) local(wall, at time.Time) time.Time {
	if wall.IsZero() {
		return time.Time{}
	}
	return at.In(t.zone)
}

// behind is how late it is for a planned time, by the clock on the wall where that says less: of an hour that comes
// twice, a platform may take the second.
func (t Times) behind(planned, now time.Time) time.Duration {
	turned := offset(now.In(t.zone)) - offset(planned.In(t.zone))
	return now.Sub(planned) + min(turned, 0)
}
