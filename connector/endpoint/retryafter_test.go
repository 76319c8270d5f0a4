package endpoint

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

func TestRetryAfter(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	synctest.Test(t, func(t *testing.T) { // where the time stands still
		for name, test := range map[string]struct {
			header map[string]string
			want   time.Duration
		}{
			"none":                     {nil, usualWait},
			"seconds":                  {map[string]string{"Retry-After": "7"}, 7 * time.Second},
			"no wait":                  {map[string]string{"Retry-After": "0"}, time.Second},
			"the longest":              {map[string]string{"Retry-After": "86400"}, 24 * time.Hour},
			"absurd":                   {map[string]string{"Retry-After": "86401"}, usualWait},
			"overflow":                 {map[string]string{"Retry-After": "9223372036854775807"}, usualWait},
			"negative":                 {map[string]string{"Retry-After": "-1"}, usualWait},
			"fraction":                 {map[string]string{"Retry-After": "1.5"}, usualWait},
			"words":                    {map[string]string{"Retry-After": "soon"}, usualWait},
			"two values":               {map[string]string{"Retry-After": "7, 8"}, usualWait},
			"date":                     {map[string]string{"Retry-After": in(30 * time.Second)}, 30 * time.Second},
			"older date":               {map[string]string{"Retry-After": time.Now().Add(90 * time.Second).UTC().Format(time.ANSIC)}, 90 * time.Second},
			"past date":                {map[string]string{"Retry-After": in(-time.Second)}, usualWait},
			"absurd date":              {map[string]string{"Retry-After": in(48 * time.Hour)}, usualWait},
			"date now":                 {map[string]string{"Retry-After": in(0)}, time.Second},
			"milliseconds":             {map[string]string{"retry-after-ms": "1500", "x-ms-retry-after-ms": "9000", "Retry-After": "7"}, 1500 * time.Millisecond},
			"milliseconds of Azure":    {map[string]string{"x-ms-retry-after-ms": "2500.5", "Retry-After": "7"}, 2500500 * time.Microsecond},
			"few milliseconds":         {map[string]string{"retry-after-ms": "20"}, time.Second},
			"negative milliseconds":    {map[string]string{"retry-after-ms": "-20", "Retry-After": "7"}, 7 * time.Second},
			"absurd milliseconds":      {map[string]string{"retry-after-ms": "1e300", "x-ms-retry-after-ms": "86400001", "Retry-After": "7"}, 7 * time.Second},
			"no number":                {map[string]string{"retry-after-ms": "NaN", "x-ms-retry-after-ms": "Inf", "Retry-After": "7"}, 7 * time.Second},
			"OpenAI":                   {map[string]string{"x-ratelimit-reset-requests": "6s", "x-ratelimit-reset-tokens": "9s"}, 6 * time.Second},
			"OpenAI, tokens":           {map[string]string{"x-ratelimit-reset-tokens": "1m2.5s"}, 62500 * time.Millisecond},
			"OpenAI, short":            {map[string]string{"x-ratelimit-reset-requests": "120ms"}, time.Second},
			"OpenAI, bare":             {map[string]string{"x-ratelimit-reset-requests": "12"}, 12 * time.Second},
			"OpenAI, negative":         {map[string]string{"x-ratelimit-reset-requests": "-6s", "x-ratelimit-reset-tokens": "9s"}, 9 * time.Second},
			"OpenAI, absurd":           {map[string]string{"x-ratelimit-reset-requests": "26h"}, usualWait},
			"OpenAI, words":            {map[string]string{"x-ratelimit-reset-requests": "soon"}, usualWait},
			"OpenAI, behind the usual": {map[string]string{"x-ratelimit-reset-requests": "6s", "Retry-After": "7"}, 7 * time.Second},
		} {
			header := http.Header{}
			for name, value := range test.header {
				header.Set(name, value)
			}
			if got, _ := retryAfter(header); got != test.want {
				t.Errorf("%s: got %v, want %v", name, got, test.want)
			}
		}
	})
}

// Those statuses bring a wait that promise one.
func TestRetryAfterByStatus(t *testing.T) {
	for status, want := range map[int]time.Duration{
		429: 7 * time.Second, 503: 7 * time.Second, 400: 0, 408: 0, 500: 0, 502: 0, 504: 0,
	} {
		for _, body := range []string{plainChat, streamedChat} {
			response := serve(t, Config{}, headed("Retry-After", "7", typed(status, "application/json", `{"error":{}}`))).must(t, chat(t, body))
			if response.RetryAfter != want || response.Status != status || response.Stream {
				t.Errorf("%d: got %d and %v, want %v", status, response.Status, response.RetryAfter, want)
			}
		}
	}
	e := serve(t, Config{}, typed(429, "", ""))
	if response := e.must(t, chat(t, plainChat)); response.RetryAfter != usualWait || response.ErrorCode != connector.UpstreamThrottled {
		t.Errorf("got %v and %s, want %v", response.RetryAfter, response.ErrorCode, usualWait)
	}
}
