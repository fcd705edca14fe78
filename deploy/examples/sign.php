<?php
// A signed link of marquee: marquee_link($base, $key, 'songkick', 'artist', ['id' => '6395144', 'format' => 'html']).
// Values are as the link has them, without blanks at their ends. $expires is Unix time; 0: the link never ends.
function marquee_link($base, $key, $provider, $resource, $parameters, $expires = 0)
{
    $order = ['id', 'q', 'format', 'name', 'weburl', 'eventurl', 'pages', 'image', 'style'];
    $given = $parameters + ['format' => $resource === 'search' ? 'candidates' : 'jsonld'];
    $text = "$provider $resource";
    foreach ($order as $name) {
        if (($given[$name] ?? '') !== '') {
            $text .= " $name=" . strlen($given[$name]) . ':' . $given[$name];
        }
    }
    $text .= isset($given['limit']) ? " limit={$given['limit']}" : '';
    $text .= isset($given['indent']) ? ' indent' : '';
    if (($given['lang'] ?? 'en') !== 'en' && in_array($given['format'], ['html', 'js', 'ics'], true)) {
        $text .= ' lang=' . strlen($given['lang']) . ':' . $given['lang'];
    }
    $text .= isset($given['calendar']) ? ' calendar' : '';
    $text .= isset($given['markup']) ? " markup={$given['markup']}" : '';
    $text .= "\n" . ($expires ?: '');
    $parameters += $expires ? ['expires' => $expires] : [];
    $parameters['sig'] = substr(hash_hmac('sha256', $text, $key), 0, 32);
    return "$base/api/$provider/$resource?" . http_build_query($parameters);
}
