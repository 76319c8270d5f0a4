package clients

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/responses"
)

// refused checks that a call ends in an error of the SDK, with that status and code.
func refused(t testing.TB, err error, status int, code string) *openai.Error {
	t.Helper()
	refusal, ok := errors.AsType[*openai.Error](err)
	if !ok {
		t.Fatalf("got %v, want an error of the SDK", err)
	}
	equal(t, "status", refusal.StatusCode, status)
	equal(t, "code", refusal.Response.Header.Get("x-ms-error-code"), code)
	return refusal
}

func TestChatIsRefused(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		hot := say("echo")
		hot.Temperature = openai.Float(2.5)
		seeded := say("unsupported")
		seeded.Seed = openai.Int(7)
		for name, test := range map[string]struct {
			user    user
			params  openai.ChatCompletionNewParams
			status  int
			code    string
			message string // is part of it
		}{
			"wrong key":                {user{key: "wrong"}, say("echo"), 401, "Unauthenticated", "key"},
			"unknown model":            {user{}, say("gpt-9"), 404, "unknown_model", "gpt-9"},
			"unknown connection":       {user{connection: "nobodys"}, say("echo"), 404, "NotFound", "connection"},
			"a value out of range":     {user{}, hot, 422, "ValidationFailed", "temperature"},
			"an unsupported parameter": {user{}, seeded, 422, "parameter_not_supported", ""},
			"content filter":           {user{}, say("filtered"), 400, "content_filter", ""},
			"throttled":                {user{}, say("throttled"), 429, "UpstreamThrottled", ""},
			"unavailable":              {user{}, say("unavailable"), 503, "UpstreamUnavailable", ""},
		} {
			client := c.client(form, test.user)
			_, err := client.Chat.Completions.New(t.Context(), test.params)
			refusal := refused(t, err, test.status, test.code)
			if refusal.Code == "" || refusal.Message == "" || !strings.Contains(refusal.Message, test.message) {
				t.Errorf("%s: got code %q and message %q, want %q in it", name, refusal.Code, refusal.Message, test.message)
			}
			if test.status == 429 {
				equal(t, "retry-after", refusal.Response.Header.Get("Retry-After"), "7")
			}
		}
	})
}

func TestOtherOperationsAreToldWhatToUse(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		_, err := client.Images.Generate(t.Context(), openai.ImageGenerateParams{Model: "echo", Prompt: "a cat"})
		if refusal := refused(t, err, 404, "NotFound"); !strings.Contains(refusal.Message, "the image model's own endpoint") {
			t.Errorf("images: got %q", refusal.Message)
		}
		input := responses.ResponseNewParamsInputUnion{OfString: openai.String("one")}
		_, err = client.Responses.New(t.Context(), responses.ResponseNewParams{Model: "echo", Input: input})
		if refusal := refused(t, err, 404, "NotFound"); !strings.Contains(refusal.Message, "/chat/completions") {
			t.Errorf("responses: got %q", refusal.Message)
		}
	})
}

func TestStreamBreaksOff(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		stream := client.Chat.Completions.NewStreaming(t.Context(), say("breaks"))
		defer stream.Close()
		chunks := 0
		for stream.Next() {
			chunks++
		}
		broken, ok := errors.AsType[*ssestream.StreamError](stream.Err())
		if !ok || !strings.Contains(broken.Message, "endpoint") {
			t.Errorf("got %v, want the SDK's error of a stream", stream.Err())
		}
		if chunks == 0 {
			t.Error("nothing came before the end")
		}
	})
}

func TestLimit(t *testing.T) {
	t.Parallel()
	c := startConnector(t)
	small := user{connection: "small"}
	for _, remaining := range []string{"1", "0"} {
		var response *http.Response
		client := c.client("Azure", small)
		if _, err := client.Chat.Completions.New(t.Context(), say("echo"), option.WithResponseInto(&response)); err != nil {
			t.Fatal(err)
		}
		equal(t, "remaining", response.Header.Get("x-ratelimit-remaining-requests"), remaining)
	}
	message := regexp.MustCompile(`^Connection 'small' allows 2 calls per 60 seconds; try again in \d+ seconds\.$`)
	for form := range forms {
		client := c.client(form, small)
		_, err := client.Chat.Completions.New(t.Context(), say("echo"))
		refusal := refused(t, err, 429, "RateLimitExceeded")
		if !message.MatchString(refusal.Message) {
			t.Errorf("%s: got %q", form, refusal.Message)
		}
		wait, err := strconv.Atoi(refusal.Response.Header.Get("Retry-After"))
		if err != nil || wait < 1 || wait > 60 {
			t.Errorf("%s: retry-after is %d, %v", form, wait, err)
		}
	}
}

// Of two calls in a row at least one is refused, and a retry that did not wait would be refused again.
func TestOneRetryOfTheSDKIsEnough(t *testing.T) {
	t.Parallel()
	c := startConnector(t)
	for form := range forms {
		client := c.client(form, user{connection: "brief", retries: 1})
		for range 2 {
			if _, err := client.Chat.Completions.New(t.Context(), say("echo")); err != nil {
				t.Fatalf("%s: %v", form, err)
			}
		}
	}
}
