package double

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// timeSpan is a time in the host's files: "00:05:00", or "-1" for one without an end.
type timeSpan struct {
	given    bool
	duration time.Duration // 0 without an end
}

var clock = regexp.MustCompile(`^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$`)

// UnmarshalJSON implements json.Unmarshaler.
func (s *timeSpan) UnmarshalJSON(text []byte) error {
	var value string
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	s.given = true
	if value == "-1" {
		return nil
	}
	parts := clock.FindStringSubmatch(value)
	if parts == nil {
		return fmt.Errorf("%q is no time span", value)
	}
	units := []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}
	for i, part := range parts[1:] {
		n, _ := strconv.Atoi(part) // digits, or nothing
		s.duration += time.Duration(n) * units[i]
	}
	return nil
}

func (s *timeSpan) fill(usual time.Duration) {
	if !s.given {
		s.duration = usual
	}
}
