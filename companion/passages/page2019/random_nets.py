"""The passages of the post on batch norm itself and on random nets, in its order."""

from companion.passages.judgement import holds, holds_in_part

PASSAGES = {
    # What batch norm is
    "What is Batch Norm?": holds(
        "`normalisation.standardisation` derives mean 0 and variance 1 of the post's formula."
    ),
    "They are frozen at test time": holds(
        "This is a definition. `normalisation.frozen_folding` derives that the frozen layer is "
        "affine."
    ),
    "potentially undoing everything": holds(
        "`normalisation.undoing` derives the one scale and the one shift that undo batch norm."
    ),
    "shortcut connections reduce the effective depth": holds_in_part(
        "Depth counts half in dense nets (`propagation.shortcut_correlation`). In the conv net on "
        "textures shortcuts multiply 1 - correlation of two images by 0.2 to 0.9 (`shortcuts`), "
        "and more than 1 would hold."
    ),
    "The learning rate is increased exponentially over time as a stress test": holds(
        "On 10,000 CIFAR-10 images at width 1/4 the net with batch norm trains at rates up to 256 "
        "times as large as the net without, for each of three seeds (`stress_test`). In the post's "
        "own run the factor is at least 90."
    ),
    # Deep nets and constant functions
    "Deep nets and constant functions (hist_pooled to hist_shift_relu)": holds_in_part(
        "The section holds at width 512 (`random_dense_nets`), but for its last picture. With the "
        "analytic shift and scale a mean square of 1.2 becomes 3.06 in 50 layers (E10), and 1.2 "
        "would hold."
    ),
    "the standard He-et-al initialisation": holds(
        "Averaged over the weights, `propagation.he_initialisation` derives that mean 0 and mean "
        "square are kept before each ReLU."
    ),
    "before and after a batch norm layer (Per channel histograms)": holds(
        "Means are 0 to within 0.001 and variances 1 to within 0.01, and each channel keeps its "
        "shape (`batch_norm_layer`)."
    ),
    "pooled channel histograms (hist_pooled)": holds(
        "The mean square in layer 50 is within four standard errors of its expectation "
        "(`random_dense_nets`)."
    ),
    "Things get a bit wobbly by layer 50": holds(
        "At width 2048 the mean square in layer 50 has a relative variance of 0.127 over nets "
        "(`propagation.mean_square_moments`)."
    ),
    "the same histograms, split by channel (hist_unpooled)": holds(
        "In layer 50 of wide nets the channels' means have 0.987 of the mean square "
        "(`propagation.between_share`)."
    ),
    "Most inputs would be classified as belonging to the 'orange' class": holds(
        "In layer 50 of wide nets two inputs share their class of three with probability 0.925 "
        "(`propagation.same_class`). The figure `propagation.constant_classes` draws ten classes."
    ),
    "a randomly initialised network likes to compute (almost) constant functions": holds(
        "As the correlation of two inputs tends to 1, `propagation.same_class` derives that their "
        "classes become equal, from a cited theorem."
    ),
    "a purely linear network (hist_linear)": holds(
        "The channels' means have at most 0.02 of the mean square in layer 50 "
        "(`random_dense_nets`)."
    ),
    "we eventually observe some variation between the variances of channels": holds(
        "In layer 50 of width 2048 the relative variance is 0.049 "
        "(`propagation.linear_channel_variances`)."
    ),
    "singular value decomposition of the linear map": holds(
        "In layer 50 the squared singular values have relative variance 50 in the limit "
        "(`propagation.product_moments`). The variances of single channels have 0.049 at width "
        "2048."
    ),
    "combinations of channels have been stretched by a factor of ~10": holds(
        "`propagation.product_edge` has the limit 11.7 from a cited theorem. At width 512 the "
        "largest stretch is 0.87 of the limit on average (`random_dense_nets`)."
    ),
    "greatly ameliorated with the addition of residual connections": holds_in_part(
        "By layer 50 shortcuts alone lower the spread of the squared singular values from 50 to "
        "37.75 (`propagation.shortcut_stretches`). Batch norm on the branch lowers it to 7.4, and "
        "so much by shortcuts alone would hold."
    ),
    "the addition of residual connections, left open": holds_in_part(
        "Shortcuts alone leave 0.6 to 0.93 of the spread in layer 20, about 0.76 in theory "
        "(`shortcuts`). Batch norm on the branch leaves 0.28 in theory, and so little by shortcuts "
        "alone would hold."
    ),
    "each channel has positive mean": holds(
        "After ReLU a standard Gaussian has the mean 0.399 (`propagation.rectified_moments`)."
    ),
    "the output mean of a linear layer equals the linear layer applied to the mean": holds(
        "A mean over examples is linear. `propagation.channel_means` derives the variance "
        "2|mu|^2/N of a channel's mean over the weights."
    ),
    "this effect should continue to grow through the network": holds(
        "`propagation.correlation_bounds` derives that ReLU never lowers a correlation."
    ),
    "the Law of total variance": holds("`propagation.total_variance` derives the same sum."),
    "the variance within channels must decrease at each layer": holds(
        "In wide nets its share is 0.68, 0.32, 0.15, 0.056 and 0.013 in layers 2, 5, 10, 20 and 50 "
        "(`propagation.between_share`)."
    ),
    "At sufficient depth a fixed point is reached": holds_in_part(
        "The share within channels tends to the fixed point 0 as 9 pi^2/(2 l^2), and is 0.0126 in "
        "layer 50 (E26). A share of 0 from some layer on would hold."
    ),
    "we should subtract the mean after each ReLU layer, and rescale": holds_in_part(
        "At infinite width, or with measured statistics, the fix is right. With analytic constants "
        "at finite width a mean square of 1.2 grows to 3.06 in 50 layers (E10), and 1.2 would "
        "hold."
    ),
    "With this fix in place, order is restored": holds_in_part(
        "In layer 50 the correlation of two inputs is within 0.1 of 0 (`random_dense_nets`). A "
        "mean square of 1.2 grows to 3.06 in 50 layers (E10), and 1.2 would hold."
    ),
    "order is restored (hist_shift_relu)": holds_in_part(
        "No channel becomes constant, but the variance of the median channel leaves 2 as a few "
        "examples explode (`propagation.channels_shifted`). A variance of 2 in each layer would "
        "hold."
    ),
    "What about a real network? (hist_conv_rand, hist_conv_real, hist_bn_real)": holds(
        "At width 1/4 the outputs' variance within channels is 0.008 of their mean square on noise "
        "(`random_conv_net`, one seed). It is 12 times as large on CIFAR-10 images, and with batch "
        "norm 1.7 times larger again, where the means keep 0.83."
    ),
    "max-pooling layers which also act to increase channel-wise means": holds(
        "The mean is 0.399 after ReLU and 1.046 with 2 x 2 pooling (`propagation.pooled_moments`)."
    ),
    "these inputs have substantial positive means already": holds(
        "The means' share of the classifier's outputs is 0.32 after ReLU, and 0.71 with 2 x 2 "
        "pooling (`propagation.classifier_share`)."
    ),
    "As far as initialisation is concerned, frozen batch norm works as well": holds(
        "Before training the means have at most 0.1 of the mean square in each layer with frozen "
        "batch norm, on textures (`frozen_from_start`)."
    ),
}
