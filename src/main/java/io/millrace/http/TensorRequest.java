package io.millrace.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.feature.Path;
import io.millrace.feature.Path.Step;
import io.millrace.input.declared.JsonRecord;
import io.millrace.learner.input.BadInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tensors of an inference request of the Open Inference Protocol V2, as rows: objects as they are at {@code .../predict}. The first
 * dimension counts the rows.
 */
final class TensorRequest {
    private static final Set<String> NUMBERS = Set.of(
            "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BF16");

    private final ModelInputs inputs;
    private final List<ObjectNode> rows = new ArrayList<>();

    private TensorRequest(ModelInputs inputs) {
        this.inputs = inputs;
    }

    /**
     * The rows of a request.
     *
     * @throws BadInputException if it is none
     */
    static List<ObjectNode> rows(JsonNode request, ModelInputs inputs) {
        JsonNode tensors = request.path("inputs");
        if (!tensors.isArray() || tensors.isEmpty()) {
            throw new BadInputException("the body has no array \"inputs\" with tensors");
        }
        TensorRequest rows = new TensorRequest(inputs);
        Set<String> names = new HashSet<>();
        for (JsonNode tensor : tensors) {
            String name = tensor.path("name").textValue();
            if (name == null) {
                throw new BadInputException("an input has no \"name\"");
            }
            if (!names.add(name)) {
                throw new BadInputException("the input " + Json.shown(name) + " is there twice");
            }
            rows.add(name, tensor);
        }
        return rows.rows;
    }

    private void add(String name, JsonNode tensor) {
        Path path = inputs.path(name);
        List<JsonNode> data = new ArrayList<>();
        flatten(tensor.path("data"), data);
        convert(name, tensor.path("datatype").asText(), data);
        JsonNode shape = tensor.path("shape");
        int count = count(name, shape, data.size());
        if (rows.isEmpty()) {
            for (int i = 0; i < count; i++) {
                rows.add(Json.object());
            }
        }
        if (rows.size() != count) {
            throw new BadInputException(
                    "the input " + Json.shown(name) + " has " + count + " rows, another one has " + rows.size());
        }
        int width = data.size() / count;
        for (int i = 0; i < count; i++) {
            List<JsonNode> values = data.subList(i * width, (i + 1) * width);
            place(rows.get(i), path, shape.size() == 1 ? values.get(0) : array(values));
        }
    }

    private static JsonNode array(List<JsonNode> values) {
        return JsonNodeFactory.instance.arrayNode().addAll(values);
    }

    private static void flatten(JsonNode data, List<JsonNode> to) {
        if (data.isArray()) {
            data.forEach(item -> flatten(item, to));
        } else {
            to.add(data);
        }
    }

    /** The number of rows, at least 1. */
    private static int count(String name, JsonNode shape, int values) {
        long product = 1;
        for (JsonNode size : shape) {
            boolean usable = size.isIntegralNumber() && size.canConvertToInt() && size.intValue() > 0;
            product = usable ? Math.min(product * size.intValue(), Integer.MAX_VALUE) : -1;
            if (!usable) {
                break;
            }
        }
        if (!shape.isArray() || shape.isEmpty() || product < 0) {
            throw new BadInputException("the shape of input " + Json.shown(name) + " is " + Json.shown(shape)
                    + ", not the number of rows and the sizes of a row");
        }
        if (product != values) {
            throw new BadInputException(
                    "the input " + Json.shown(name) + " has " + values + " values, its shape has " + product);
        }
        return InferenceRoutes.requireRows(shape.get(0).intValue());
    }

    private static void convert(String name, String datatype, List<JsonNode> data) {
        boolean numbers = NUMBERS.contains(datatype);
        if (!numbers && !datatype.equals("BOOL") && !datatype.equals("BYTES")) {
            throw new BadInputException(
                    "the datatype of input " + Json.shown(name) + " is " + Json.shown(datatype) + ", which is unknown");
        }
        for (int i = 0; i < data.size(); i++) {
            JsonNode value = data.get(i);
            boolean fits = value.isNull()
                    || (numbers ? value.isNumber() : datatype.equals("BOOL") ? value.isBoolean() : value.isTextual());
            if (!fits) {
                throw new BadInputException(
                        "the input " + Json.shown(name) + " has the value " + Json.shown(value) + ", no " + datatype);
            }
            if (datatype.equals("FP32") && value.isNumber()) {
                data.set(i, DoubleNode.valueOf(value.floatValue())); // what a field of the type float holds
            }
        }
    }

    private static void place(ObjectNode row, Path path, JsonNode value) {
        switch (path.source()) {
            case VALUE -> place(row, path.steps(), value);
            case HEADER -> row.set(JsonRecord.HEADERS + path.steps().get(0).name(), value);
            default -> row.set(path.toString(), value);
        }
    }

    /** Puts a value where a path leads. Where the path goes on with the items of an array, each of several values has its own item. */
    private static void place(ObjectNode object, List<Step> steps, JsonNode value) {
        Step step = steps.get(0);
        List<Step> inner = steps.subList(1, steps.size());
        if (inner.isEmpty()) {
            object.set(step.name(), value);
        } else if (step.items()) {
            ArrayNode items = object.get(step.name()) instanceof ArrayNode array ? array : object.putArray(step.name());
            for (int i = 0; i < Math.max(1, value.size()); i++) {
                if (i == items.size()) {
                    items.addObject();
                }
                if (!(items.get(i) instanceof ObjectNode item)) {
                    throw new BadInputException("two inputs contradict each other at " + step);
                }
                place(item, inner, value.isArray() ? value.get(i) : value);
            }
        } else {
            ObjectNode next =
                    object.get(step.name()) instanceof ObjectNode known ? known : object.putObject(step.name());
            place(next, inner, value);
        }
    }
}
