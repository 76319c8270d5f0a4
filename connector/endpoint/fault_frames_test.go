package endpoint

import (
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"inferenceconnector/connector"
)

// What an endpoint does wrong with the frames of HTTP/2.
func TestFaultsOfFrames(t *testing.T) {
	faults := map[string]fault{}
	for name, f := range map[string]struct {
		do   func(frames) error
		want wants
	}{
		"refused":                  {func(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeRefusedStream) }, lost()},
		"going away":               {func(f frames) error { return f.WriteGoAway(0, http2.ErrCodeNo, []byte(secretText)) }, lost()},
		"going away with an error": {func(f frames) error { return f.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, []byte(secretText)) }, lost()},
		"going away for good":      {then(func(f frames) error { return f.WriteGoAway(f.stream, http2.ErrCodeInternal, []byte(secretText)) }, gone), lost()},
		"reset":                    {func(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeInternal) }, lost()},
		"reset, calm down":         {func(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeEnhanceYourCalm) }, lost()},
		"reset, without a reason":  {func(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeNo) }, lost()},
		"reset, unknown reason":    {func(f frames) error { return f.WriteRSTStream(f.stream, 0xffff) }, lost()},
		"closed":                   {func(frames) error { return io.EOF }, lost()},
		"closed in a frame":        {then(raw("\x00\x00\xff\x01\x04"), gone), lost()},
		"the head, reset":          {then(head2("200"), reset2), everywhere(connector.UpstreamReset)},
		"the head, closed":         {then(head2("200"), gone), cutShort()},
		"half, reset":              {then(head2("200"), data2("%half", false), reset2), brokeInBody(connector.UpstreamReset)},
		"half, refused":            {then(head2("200"), data2("%half", false), func(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeRefusedStream) }), brokeInBody(connector.UpstreamReset)},
		"half, going away":         {then(head2("200"), data2("%half", false), func(f frames) error { return f.WriteGoAway(f.stream, http2.ErrCodeInternal, []byte(secretText)) }, gone), brokeInBody(connector.UpstreamReset)},
		"half, closed":             {then(head2("200"), data2("%half", false), gone), brokeInBody(connector.UpstreamInvalid)},
		"half":                     {then(head2("200"), data2("%half", true)), brokeInBody(connector.UpstreamInvalid)},
		"shorter than said":        {then(head2("200", "content-length", "999"), data2("%body", true)), invalid().but("stream", good)},
		"longer than said":         {then(head2("200", "content-length", "2"), data2("%body", true)), invalid()},
		"no status":                {then(head2("")), invalid()},
		"a status of words":        {then(head2("hidden")), invalid()},
		"status 99":                {then(head2("099")), invalid()},
		"status 600":               {then(head2("600"), data2("%body", true)), invalid()},
		"a redirect":               {then(head2("307", "location", "https://hidden.example/"), data2("", true)), everywhere(connector.UpstreamRedirect)},
		"HTTP/1.1":                 {then(raw(wholeAnswer), gone), invalid()},
		"whole":                    {then(head2("200"), data2("%body", true)), whole()},
	} {
		faults[name] = fault{frames: f.do, want: f.want}
	}
	playFaults(t, faults)
}

// Frames that never end are cut off where nothing can come of them. Where an answer still could, the call's budget is
// its end.
func TestFloodsOfFrames(t *testing.T) {
	const budget, pause = 3 * time.Second, time.Millisecond // others are to have a processor, too
	timeout, long := everywhere(connector.UpstreamTimeout), strings.Repeat("x", 15<<10)
	playFaults(t, map[string]fault{
		"pings":         {frames: flood(pause, func(f frames) error { return f.WritePing(false, [8]byte{}) }), budget: budget, want: timeout},
		"settings":      {frames: flood(pause, func(f frames) error { return f.WriteSettings() }), budget: budget, want: timeout},
		"empty data":    {frames: then(head2("200"), flood(pause, data2("", false))), budget: budget, want: timeout},
		"silence":       {frames: then(), budget: budget, want: timeout},
		"continuations": {frames: floodHead, want: invalid()},
		"1xx":           {frames: flood(0, head2("103", "link", long)), want: invalid()},
	})
}
