// What calls have that the official OpenAPI files do not say, each with its reason.
const relayed = "What an endpoint says beside the interface is relayed as it is.";
const givenBack = "The file calls read-only what a model said, and forgets that the caller gives it back with the tool's result.";
const readAtTheRoot = "SDK samples and older endpoints have a 422 at the root, where their readers look for it.";
const openAI = "An endpoint that speaks OpenAI's form says it; it is relayed as it is.";

export const waivers = {
  "request READONLY_PROPERTY_NOT_ALLOWED_IN_REQUEST /messages/*/tool_calls/*/function/name": givenBack,
  "request READONLY_PROPERTY_NOT_ALLOWED_IN_REQUEST /messages/*/tool_calls/*/function/arguments": givenBack,
  "200 OBJECT_ADDITIONAL_PROPERTIES /system_fingerprint": "Endpoints send it; the emulator says by it that it is one.",
  "200 OBJECT_ADDITIONAL_PROPERTIES /choices/*/content_filter_results": relayed,
  "200 INVALID_TYPE /data/*/embedding": "Asked for in base64 an embedding is a text; swagger 2.0 cannot say: or a text.",
  "400 OBJECT_ADDITIONAL_PROPERTIES /error/param": relayed,
  "400 OBJECT_ADDITIONAL_PROPERTIES /error/status": relayed,
  "400 OBJECT_ADDITIONAL_PROPERTIES /error/type": relayed,
  "422 OBJECT_ADDITIONAL_PROPERTIES /status": readAtTheRoot,
  "422 OBJECT_ADDITIONAL_PROPERTIES /code": readAtTheRoot,
  "422 OBJECT_ADDITIONAL_PROPERTIES /message": readAtTheRoot,
  "422 OBJECT_ADDITIONAL_PROPERTIES /detail": readAtTheRoot,
  "422 OBJECT_ADDITIONAL_PROPERTIES /error/status": readAtTheRoot,
  "503 OBJECT_ADDITIONAL_PROPERTIES /error/status": relayed,
};

// More is waived where the endpoint does not speak the interface.
export const waiversOfOtherForms = {
  "200 OBJECT_ADDITIONAL_PROPERTIES /choices/*/logprobs": openAI,
  "200 OBJECT_ADDITIONAL_PROPERTIES /choices/*/message/refusal": openAI,
  "200 OBJECT_ADDITIONAL_PROPERTIES /prompt_filter_results": openAI,
  "200 OBJECT_MISSING_REQUIRED_PROPERTY /id": "OpenAI's embeddings have no id, and none is made up.",
};
